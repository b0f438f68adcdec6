package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostmasterPidTest {

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void file() {
    file = directory.resolve("postmaster.pid");
  }

  @Test
  void keepsOthersOutUntilItIsClosed() throws Exception {
    try (var _ = PostmasterPid.take(directory)) {
      assertThat(Files.readAllLines(file))
          .startsWith(String.valueOf(ProcessHandle.current().pid()), directory.toString());
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void tellsPgCtlThatItHasStarted() throws Exception {
    try (var pid = PostmasterPid.take(directory)) {
      pid.started(new PostmasterPid.Listening(5433, "/tmp", "localhost"));
      assertThat(Files.readAllLines(file))
          .startsWith(String.valueOf(ProcessHandle.current().pid()), directory.toString())
          .endsWith("5433", "/tmp", "localhost", "         0         0", "ready   ")
          .hasSize(8);
    }
    try (var pid = PostmasterPid.take(directory)) {
      pid.started(PostmasterPid.Listening.NOWHERE);
      assertThat(Files.readAllLines(file)).endsWith("", "", "         0         0", "standby ");
    }
  }

  @Test
  void isRefusedWhileAServerRuns() throws Exception {
    Process server = new ProcessBuilder("sleep", "100").start();
    try {
      Files.writeString(file, server.pid() + "\n/srv/pg\n");
      assertThatThrownBy(() -> PostmasterPid.take(directory))
          .isInstanceOf(RecoveryException.class)
          .hasMessage("lock file \"postmaster.pid\" already exists");
      Files.writeString(file, "-" + server.pid() + "\n/srv/pg\n"); // a single-user server
      assertThatThrownBy(() -> PostmasterPid.take(directory)).isInstanceOf(RecoveryException.class);
      assertThat(file).exists();
    } finally {
      server.destroyForcibly().waitFor();
    }
    PostmasterPid.take(directory).close();
  }

  @Test
  void doesNotGuessWhoseAFileIsThatSaysNothing() throws Exception {
    Files.writeString(file, "");
    assertThatThrownBy(() -> PostmasterPid.take(directory)).isInstanceOf(RecoveryException.class);
  }
}
