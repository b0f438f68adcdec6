package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.walstream.file.FileLayer;
import org.walstream.redo.DirectoryComparison;
import org.walstream.redo.TestedVersions;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wal.Lsn;

/// A table that grows beyond the gigabyte that a file has at most, is cut to less, and grows beyond
/// it again, replayed by a real standby and by us; and what a missing second file does. Takes 4 GB
/// of disk: by `./check --heavy`.
@Timeout(1800)
@EnabledIfSystemProperty(named = "walstream.test.heavy", matches = "true")
class LargeRelationIT {

  private static final int SEGMENT_BLOCKS = 131_072;

  @ParameterizedTest
  @MethodSource(TestedVersions.OF_LONG_TESTS)
  void crossesTheEndOfAFile(int major) throws Exception {
    try (var primary =
            PostgresServer.builder(major)
                .initdb("--data-checksums")
                .setting("autovacuum", "off")
                .setting("checkpoint_timeout", "1d")
                .setting("wal_keep_size", "320MB")
                .start();
        var scratch = ScratchDirectory.create("large")) {
      primary.sql("CREATE TABLE large (id int, filler text)");
      primary.sql("ALTER TABLE large ALTER filler SET STORAGE PLAIN"); // one row fills a page
      fill(primary, 1, SEGMENT_BLOCKS - 100);
      primary.sql("VACUUM FREEZE large");
      primary.sql("CHECKPOINT");
      try (var standby =
          PostgresServer.standbyOf(primary, primary.conninfo())
              .setting("hot_standby", "off")
              .create()) {
        Path ours = ReplayIT.copy(standby.dataDirectory(), scratch, "ours");
        String name = primary.sql("SELECT pg_relation_filepath('large')");
        standby.spawn();

        fill(primary, SEGMENT_BLOCKS - 99, SEGMENT_BLOCKS + 1300);
        writePages(primary, false);
        long crossed = lsn(primary);
        primary.sql("UPDATE large SET id = -id WHERE id = " + (SEGMENT_BLOCKS + 100));
        writePages(primary, true);
        primary.sql("DELETE FROM large WHERE abs(id) > " + (SEGMENT_BLOCKS - 50));
        primary.sql("VACUUM large"); // which cuts off no less than 1000 blocks
        assertThat(primary.sql("SELECT pg_relation_size('large') / 8192 < " + SEGMENT_BLOCKS))
            .isEqualTo("t");
        fill(primary, SEGMENT_BLOCKS - 49, SEGMENT_BLOCKS + 500);
        ReplayIT.stopBoth(primary, standby);

        replay(primary, ours, new RecoveryTarget.AtLsn(crossed, true));
        missTheSecondFile(primary, ours, name + ".1");
        replay(primary, ours, new RecoveryTarget.EndOfWal());
        assertSame(ours, standby);

        primary.start();
        standby.spawn();
        primary.sql("DROP TABLE large");
        ReplayIT.stopBoth(primary, standby);
        replay(primary, ours, new RecoveryTarget.EndOfWal());
        assertThat(ours.resolve(name)).doesNotExist();
        assertThat(ours.resolve(name + ".1")).doesNotExist();
        assertSame(ours, standby);
      }
    }
  }

  private static void fill(PostgresServer server, int first, int last) {
    server.sql(
        "INSERT INTO large SELECT g, repeat('x', 8000) FROM generate_series(%d, %d) g"
            .formatted(first, last));
  }

  private static void writePages(PostgresServer server, boolean whether) {
    server.sql("ALTER SYSTEM SET full_page_writes = " + (whether ? "on" : "off"));
    server.reload();
    Eventually.holds(
        "the checkpointer knows",
        () -> {
          server.sql("CHECKPOINT");
          return server
              .sql("SELECT full_page_writes FROM pg_control_checkpoint()")
              .equals(whether ? "t" : "f");
        });
  }

  private static long lsn(PostgresServer server) {
    return Lsn.parse(server.sql("SELECT pg_current_wal_insert_lsn()")).value();
  }

  private static void missTheSecondFile(PostgresServer primary, Path ours, String name)
      throws IOException {
    Path second = ours.resolve(name);
    Path aside = ours.resolveSibling("second");
    Files.move(second, aside);
    assertThatThrownBy(() -> replay(primary, ours, new RecoveryTarget.EndOfWal()))
        .hasMessageContaining("WAL redo at ")
        .hasMessageContaining("WAL contains references to invalid pages: page 131")
        .hasMessageContaining(name.substring(0, name.length() - 2));
    assertThat(second).doesNotExist();
    Files.move(aside, second);
  }

  private static void replay(PostgresServer primary, Path ours, RecoveryTarget target)
      throws IOException {
    var options =
        RecoveryOptions.of(ours)
            .withTarget(target)
            .withRestartPoints(new RecoveryOptions.Budget(Duration.ZERO, 0));
    var factory = new ParallelReplay(16 << 20, 2, false);
    var wal = ReplayIT.walOf(primary);
    new Recovery(FileLayer.system(), options, wal, factory, new HeardWords()).run();
  }

  private static void assertSame(Path ours, PostgresServer standby) throws IOException {
    assertThat(DirectoryComparison.differences(ours, standby.dataDirectory())).isEmpty();
  }
}
