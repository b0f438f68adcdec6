package org.walstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.walstream.testkit.PostgresTools;

/// That the benchmarks run to their end; what they measure here means nothing.
class BenchIT {

  private static final Plan QUICK = new Plan(true, 1, false);

  private final List<String> progress = new ArrayList<>();

  @BeforeAll
  static void requireTools() {
    assumeThat(PostgresTools.forTest(18, "pg_receivewal"))
        .as(PostgresTools.missing(18, "pg_receivewal"))
        .isPresent();
  }

  @Test
  void receivesWithBothPrograms() throws Exception {
    var table = new ReceiveBench(QUICK, progress::add, false).run();
    assertThat(table)
        .containsPattern("\\| warm \\| `pg_receivewal` \\| [0-9]+ \\| 1.00 \\|")
        .containsPattern("\\| warm \\| `walstream receive` \\| [0-9]+ \\|")
        .containsPattern("\\| warm \\| `walstream receive --no-sync` \\| [0-9]+ \\|");
    assertThat(progress).hasSize(1 + 4);
  }

  @Test
  void dumpsWithBothPrograms() throws Exception {
    var table = new WaldumpBench(QUICK, progress::add).run();
    assertThat(table)
        .containsPattern("\\| `pg_waldump --stats` \\| [0-9.]+ \\| [0-9]+ \\| 1.00 \\|")
        .containsPattern("\\| `walstream waldump --stats` \\| [0-9.]+ \\|")
        .containsPattern("\\| `walstream waldump` \\| [0-9.]+ \\|")
        .containsPattern("in a warm JVM: [0-9.]+ s, [0-9,]+ records, [0-9.]+ bytes allocated");
  }

  @Test
  void sendsFromBothServers() throws Exception {
    var table = new SendBench(QUICK, progress::add).run();
    assertThat(table)
        .containsPattern("\\| 50 \\| walsenders \\| [0-9]+ \\| 1.00 \\|")
        .containsPattern("\\| 50 \\| relay \\| [0-9]+ \\|")
        .containsPattern("\\| 500 \\| relay \\| [0-9]+ \\|");
  }

  @Test
  void startsBothPrograms() throws Exception {
    var table = new StartBench(QUICK, null, progress::add).run();
    assertThat(table)
        .contains("| PostgreSQL's tool | checkout |")
        .containsPattern("\\| `--version` \\| [0-9]+ \\| [0-9]+ \\|")
        .containsPattern("\\| the WAL of today received and forced \\| [0-9]+ \\| [0-9]+ \\|")
        .containsPattern("MiB resident \\| [0-9.]+ \\| [0-9.]+ \\|");
    assertThat(progress).hasSize(4);
  }

  @Test
  @EnabledIfSystemProperty(named = "walstream.test.heavy", matches = "true")
  void measuresWhatTlsCosts() throws Exception {
    var table = new TlsBench(QUICK, progress::add).run();
    assertThat(table)
        .containsPattern("\\| in clear \\| relay \\| [0-9]+ \\| [0-9.]+ \\| [0-9.]+ \\|")
        .containsPattern("\\| TLS \\| walsenders \\| [0-9]+ \\| 1.00 \\| [0-9.]+ \\|")
        .containsPattern("\\| TLS \\| relay \\| [0-9]+ \\| [0-9.]+ \\| [0-9.]+ \\|")
        .containsPattern("notification, 20 times");
  }

  @Test
  void measuresWhatIdleConnectionsCost() throws Exception {
    var table = new ConnectionBench(QUICK, progress::add).run();
    assertThat(table)
        .containsPattern(
            "\\| in clear \\| relay \\| [0-9.]+ \\| [0-9]+ \\| [0-9]+ \\| -?[0-9]+ \\|")
        .containsPattern("\\| TLS \\| relay \\| [0-9.]+ \\| [0-9]+ \\| [0-9]+ \\| -?[0-9]+ \\|")
        .containsPattern("\\| 5 standbys that stream beside them, at most \\| .*[0-9]+ \\|")
        .containsPattern("\\| TLS \\| PostgreSQL \\| [0-9.]+ \\| [0-9]+ \\| [0-9]+ \\| [0-9]+ \\|");
    assertThat(progress).hasSize(6);
  }
}
