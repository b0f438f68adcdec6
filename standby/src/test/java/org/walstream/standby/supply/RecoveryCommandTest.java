package org.walstream.standby.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.redo.recovery.RecoveryException;
import org.walstream.redo.recovery.RecoveryListener;

class RecoveryCommandTest {

  @TempDir Path directory;

  private final List<String> warnings = new ArrayList<>();

  private RecoveryCommand command(String text) {
    return new RecoveryCommand(
        "recovery_end_command",
        () -> text,
        directory,
        new RecoveryListener() {
          @Override
          public void log(String message) {}

          @Override
          public void warning(String message) {
            warnings.add(message);
          }
        });
  }

  @Test
  void isToldWhatIsNeededStill() throws Exception {
    command("echo %r 100%% > told").run("OLDEST");
    assertThat(directory.resolve("told")).hasContent("OLDEST 100%");
    command("").run("OLDEST");
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "exit 3, child process exited with exit code 3",
    "exit 126, command not executable",
    "no-such-command-anywhere, command not found",
    "kill -KILL $$, child process was terminated by signal 9",
    "exit 255, child process exited with exit code 255"
  })
  void aFailureIsToldAndNothingElse(String text, String words) throws Exception {
    command(text).run("OLDEST");
    assertThat(warnings).containsExactly("recovery_end_command \"%s\": %s".formatted(text, words));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 126", "exit 127", "kill -TERM $$"})
  void whereItMattersWhatIsNoAnswerEndsTheCaller(String text) {
    assertThatThrownBy(() -> command(text).runOrDie("OLDEST"))
        .isInstanceOf(RecoveryException.class)
        .hasMessageStartingWith("recovery_end_command \"" + text + "\": ");
  }

  @Test
  void aFailureThatIsAnAnswerIsAWarningThereToo() throws Exception {
    command("exit 1").runOrDie("OLDEST");
    assertThat(warnings).hasSize(1);
  }

  @Test
  void refusesWhatMeansNothing() {
    assertThatThrownBy(() -> command("echo %f").run("OLDEST"))
        .hasMessage("invalid value for parameter \"recovery_end_command\": \"echo %f\"");
  }
}
