package org.walstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.testkit.PostgresTools;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wal.control.DBState;

/// That both sides replay everything, from an archive and in place, and that a side that does not
/// is found out; what is measured here means nothing.
class RedoBenchIT {

  private static final Plan QUICK = new Plan(true, 1, false);

  private static ScratchDirectory kept;
  private static String table;
  private static final List<String> MADE = new ArrayList<>();

  @BeforeAll
  static void replayFromAnArchive() throws Exception {
    assumeThat(PostgresTools.forTest(18, "pg_basebackup"))
        .as(PostgresTools.missing(18, "pg_basebackup"))
        .isPresent();
    kept = ScratchDirectory.create("benchit");
    table = run(MADE, "workload", "updates", "workers", "2", "keep", kept.path().toString());
  }

  @AfterAll
  static void delete() {
    if (kept != null) {
      kept.close();
    }
  }

  @Test
  void replaysAWorkloadWithBothPrograms() {
    assertThat(table)
        .containsPattern("\\| `postgres` \\| [0-9.]+ \\| [0-9]+ \\| 1.00 \\| [0-9.]+ \\| [1-9]")
        .containsPattern("\\| `walstream replay --workers 2` \\| [0-9.]+ \\|")
        .contains("fetched from an archive");
    assertThat(MADE).anyMatch(line -> line.contains("making a base backup and WAL"));
  }

  @Test
  void usesWhatWasKept() throws Exception {
    var progress = new ArrayList<String>();
    assertThat(run(progress, "workload", "updates", "workers", "1", "keep", kept.path().toString()))
        .containsPattern("\\| `walstream replay --workers 1` \\| [0-9.]+ \\|");
    assertThat(progress).hasSize(2).noneMatch(line -> line.contains("making"));
  }

  @Test
  void replaysAnyBackupWithWalInPlace() throws Exception {
    assertThat(
            run(
                new ArrayList<>(),
                "base",
                base().toString(),
                "wal",
                wal().toString(),
                "in-place",
                "",
                "workers",
                "1"))
        .contains("### Replay: Given WAL", "in pg_wal already")
        .containsPattern("\\| `postgres` \\| [0-9.]+ \\|")
        .containsPattern("\\| `walstream replay --workers 1` \\| [0-9.]+ \\|");
  }

  @Test
  void wantsACheckpointBehindTheBackup() throws Exception {
    try (var scratch = ScratchDirectory.create("benchwal");
        var segments = Files.list(wal())) {
      Path first = segments.sorted().findFirst().orElseThrow();
      Files.copy(first, scratch.path().resolve(first.getFileName()));
      assertThatThrownBy(() -> RedoInput.read(base(), scratch.path()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("there is no checkpoint in", "it must end with one");
    }
  }

  @Test
  void findsOutWhoHasNotReplayedEverything() throws Exception {
    RedoInput input = RedoInput.read(base(), wal());
    try (var directory = RedoDirectory.create(input, false, 16)) {
      directory.renew();
      assertThatThrownBy(() -> directory.requireReplayed("nobody"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nobody left the directory " + DBState.IN_PRODUCTION);
    }
  }

  private static Path base() {
    return kept.path().resolve("updates-quick/base");
  }

  private static Path wal() {
    return kept.path().resolve("updates-quick/wal");
  }

  /// Names and values in turns.
  private static String run(List<String> progress, String... given) throws Exception {
    var options = new RedoOptions();
    for (int at = 0; at < given.length; at += 2) {
      String name = given[at];
      Option option =
          Arrays.stream(RedoOptions.TABLE)
              .filter(row -> row.name().equals(name))
              .findFirst()
              .orElseThrow();
      options.take(new Given(option, given[at + 1]));
    }
    return new RedoBench(QUICK, options, progress::add).run();
  }
}
