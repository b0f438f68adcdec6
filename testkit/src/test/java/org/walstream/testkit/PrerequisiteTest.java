package org.walstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrerequisiteTest {

  private static final Map<String, String> CI = Map.of("CI", "true");
  private static final String WHAT = "PostgreSQL 18's psql is not here";

  @Test
  void whatIsHereIsMetEverywhere() {
    assertThat(Prerequisite.met(true, WHAT, CI)).isTrue();
    assertThat(Prerequisite.met(true, WHAT, Map.of())).isTrue();
  }

  @Test
  void whatIsMissingSkipsATestAtADesk() {
    assertThat(Prerequisite.met(false, WHAT, Map.of())).isFalse();
    assertThat(Prerequisite.met(false, WHAT, Map.of("CI", "false"))).isFalse();
  }

  @Test
  void whatIsMissingFailsATestInCi() {
    assertThatThrownBy(() -> Prerequisite.met(false, WHAT, CI)).hasMessageStartingWith(WHAT);
  }

  /// The one exception is the script's too: nothing else is skipped in CI.
  @Test
  void theToolsThatNobodyOffersAreThoseThatTheScriptCannotFetch() throws IOException {
    List<Integer> withoutSuite =
        Files.readAllLines(Path.of("../scripts/postgres-versions")).stream()
            .map(line -> line.split(" +", -1))
            .filter(words -> words.length == 3 && words[2].equals("-"))
            .map(words -> Integer.valueOf(words[0]))
            .toList();
    assertThat(PostgresTools.NOT_OFFERED).isEqualTo(withoutSuite);
  }

  @Test
  void sayWhereToGetWhatIsMissing() {
    assertThat(PostgresTools.missing(18, "psql"))
        .isEqualTo("PostgreSQL 18's psql is not here (scripts/postgres-tools 18 fetches it)");
    assertThat(PostgresTools.missing(16, "psql")).contains("no Debian suite offers it");
  }
}
