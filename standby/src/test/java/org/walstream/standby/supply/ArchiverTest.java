package org.walstream.standby.supply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.redo.recovery.RecoveryListener;
import org.walstream.testkit.Eventually;

@Timeout(600)
class ArchiverTest {

  @TempDir Path data;

  private final List<String> said = new CopyOnWriteArrayList<>();

  @BeforeEach
  void directories() throws IOException {
    Files.createDirectories(data.resolve("pg_wal/archive_status"));
  }

  private Archiver archiver(String command) {
    return new Archiver(
        FileLayer.system(),
        data,
        () -> command,
        new RecoveryListener() {
          @Override
          public void log(String message) {
            said.add(message);
          }

          @Override
          public void warning(String message) {
            said.add(message);
          }
        },
        Clock.systemUTC());
  }

  private void ready(String name) throws IOException {
    Files.writeString(data.resolve("pg_wal").resolve(name), name);
    Files.createFile(status(name + ".ready"));
  }

  private Path status(String name) {
    return data.resolve("pg_wal/archive_status").resolve(name);
  }

  @Test
  void historiesComeFirstThenTheOldest() throws Exception {
    ready("000000010000000000000003");
    ready("000000010000000000000002");
    ready("00000002.history");
    try (var archiver = archiver("cat %p >> archived; echo ' '%f >> archived")) {
      archiver.start();
      Eventually.holds("all are archived", () -> archiver.status().archivedCount() == 3);
      assertThat(data.resolve("archived"))
          .hasContent(
              """
              00000002.history 00000002.history
              000000010000000000000002 000000010000000000000002
              000000010000000000000003 000000010000000000000003
              """);
      assertThat(archiver.status().lastArchived().orElseThrow().file())
          .isEqualTo("000000010000000000000003");
      assertThat(status("00000002.history.done")).exists();
      assertThat(status("00000002.history.ready")).doesNotExist();
      ready("000000010000000000000004");
      archiver.wake();
      Eventually.holds("the next too", () -> archiver.status().archivedCount() == 4);
    }
  }

  @Test
  void whatFailsIsTriedAgainAndHoldsUpTheRest() throws Exception {
    ready("000000010000000000000002");
    ready("000000010000000000000003");
    try (var archiver = archiver("test -f open && touch done.%f")) {
      archiver.start();
      Eventually.holds(
          "it gives up for now",
          () ->
              said.contains(
                  "archiving write-ahead log file \"000000010000000000000002\" failed too many"
                      + " times, will try again later"));
      assertThat(archiver.status().failedCount()).isEqualTo(3);
      assertThat(archiver.status().lastFailed().orElseThrow().file())
          .isEqualTo("000000010000000000000002");
      assertThat(said)
          .contains(
              "archive command failed with exit code 1; it was: test -f open && touch"
                  + " done.000000010000000000000002");
      Files.createFile(data.resolve("open"));
      archiver.wake();
      Eventually.holds("both are archived", () -> archiver.status().archivedCount() == 2);
    }
  }

  @Test
  void aMarkWithoutItsFileGoes() throws Exception {
    Files.createFile(status("000000010000000000000002.ready"));
    ready("000000010000000000000003");
    try (var archiver = archiver("true")) {
      archiver.start();
      Eventually.holds("the other is archived", () -> archiver.status().archivedCount() == 1);
      assertThat(status("000000010000000000000002.ready")).doesNotExist();
      assertThat(said)
          .containsExactly(
              "removed orphan archive status file"
                  + " \"pg_wal/archive_status/000000010000000000000002.ready\"");
    }
  }
}
