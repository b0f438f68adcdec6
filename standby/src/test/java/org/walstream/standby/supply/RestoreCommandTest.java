package org.walstream.standby.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.redo.recovery.RecoveryException;

class RestoreCommandTest {

  @TempDir Path directory;

  private boolean restores(String command) throws Exception {
    return new RestoreCommand(() -> command, directory).restore("SEGMENT", "into", "OLDEST");
  }

  @Test
  void fillsInWhatIsWanted() throws Exception {
    assertThat(restores("echo %f %p %r 100%% > %p")).isTrue();
    assertThat(directory.resolve("into")).hasContent("SEGMENT into OLDEST 100%");
  }

  @Test
  void takesNoOldFileForANewOne() throws Exception {
    Files.writeString(directory.resolve("into"), "old");
    assertThat(restores("true")).isFalse();
    assertThat(directory.resolve("into")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 1", "exit 125", "false"})
  void aFailureSaysThatThereIsNoSuchFile(String command) throws Exception {
    assertThat(restores(command)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 126", "no-such-command-anywhere", "kill -KILL $$", "exit 255"})
  void whatIsNoAnswerEndsRecovery(String command) {
    assertThatThrownBy(() -> restores(command))
        .isInstanceOf(RecoveryException.class)
        .hasMessageStartingWith("could not restore file \"SEGMENT\" from archive: ");
  }

  @Test
  void refusesPlaceholdersThatMeanNothing() {
    assertThatThrownBy(() -> restores("cp %x %p"))
        .hasMessage("invalid value for parameter \"restore_command\": \"cp %x %p\"");
    assertThatThrownBy(() -> restores("cp 100%")).isInstanceOf(RecoveryException.class);
  }

  @Test
  void onceStoppedItWaitsForNothingAndSaysThatNothingIsThere() throws Exception {
    var restore = new RestoreCommand(() -> "sleep 600; true", directory);
    var stopper =
        Thread.ofPlatform()
            .start(() -> {
              while (ProcessHandle.current().descendants().count() < 2) {
                LockSupport.parkNanos(1_000_000);
              }
              restore.stop();
            });
    assertThat(restore.restore("SEGMENT", "into", "OLDEST")).isFalse();
    stopper.join();
    while (ProcessHandle.current().descendants().findAny().isPresent()) {
      LockSupport.parkNanos(1_000_000); // nothing that it has started is left
    }
    assertThat(restore.restore("SEGMENT", "into", "OLDEST")).isFalse();
  }
}
