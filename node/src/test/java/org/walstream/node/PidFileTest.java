package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The file that says which process runs a node.
class PidFileTest {

  @TempDir Path directory;

  @Test
  void whatIsLeftBehindIsNobodys() throws IOException {
    Path file = file();
    assertThat(PidFile.runningProcess(file)).isEmpty();
    for (String left : new String[] {ProcessHandle.current().pid() + "\n1\n5432\n", "", "x\n"}) {
      Files.writeString(file, left);
      assertThat(PidFile.runningProcess(file)).isEmpty();
      assertThat(file).hasContent(left);
    }
    try (PidFile held = PidFile.lock(file, 5433)) {
      assertThat(PidFile.port(file)).isEqualTo(5433);
      assertThat(held).isNotNull();
      assertThat(Files.readAllLines(file).getFirst())
          .isEqualTo(Long.toString(ProcessHandle.current().pid()));
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void itIsItsOwnersAlone() throws IOException {
    try (PidFile held = PidFile.lock(file(), 5432)) {
      assertThat(held).isNotNull();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void secondOneIsKeptOutAndToldWho() throws IOException {
    try (PidFile held = PidFile.lock(file(), 5432)) {
      assertThat(held).isNotNull();
      assertThat(PidFile.runningProcess(file())).hasValue(ProcessHandle.current().pid());
      assertThatThrownBy(() -> PidFile.lock(file(), 5432))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("(PID %d)", ProcessHandle.current().pid());
    }
  }

  /// A monitor that looks at the very moment of a start is no other node.
  @Test
  void whoLooksKeepsNobodyFromStarting() throws Exception {
    Files.writeString(file(), "");
    FileChannel looks = FileChannel.open(file(), StandardOpenOption.READ);
    FileLock look = looks.lock(0, Long.MAX_VALUE, true);
    var looker =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Thread.sleep(50);
                look.release();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    try (PidFile held = PidFile.lock(file(), 5432)) {
      assertThat(held).isNotNull();
    }
    looker.join();
    looks.close();
  }

  private Path file() {
    return directory.resolve("walstream.pid");
  }
}
