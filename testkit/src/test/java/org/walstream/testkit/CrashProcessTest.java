package org.walstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CrashProcessTest {

  @Test
  void keepsWhatIsPrintedAndTheExitCode() {
    var process = CrashProcess.start(List.of("sh", "-c", "echo out; echo err >&2; exit 3"));
    assertThat(process.awaitExit()).isEqualTo(3);
    assertThat(process.output()).isEqualTo("out\n");
    assertThat(process.errors()).isEqualTo("err\n");
  }

  @Test
  void killsAtARandomMoment() {
    try (var process = CrashProcess.start(List.of("sleep", "1000"))) {
      process.killWithin(new SplittableRandom(1), Duration.ofMillis(100));
      assertThat(process.isAlive()).isFalse();
      assertThat(process.awaitExit()).isEqualTo(128 + 9);
    }
  }

  @Test
  void runsAClassOnOurClassPath() {
    try (var process = CrashProcess.java(Greeter.class.getName(), "WAL")) {
      process.awaitPrinted("hello WAL");
      process.signal("TERM");
      assertThat(process.awaitExit()).isEqualTo(128 + 15);
    }
  }

  @Test
  void waitingForWhatAnEndedProcessNeverPrintedFailsWithWhatItDid() {
    var process = CrashProcess.start(List.of("sh", "-c", "echo something else"));
    assertThatThrownBy(() -> process.awaitPrinted("this"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("something else");
  }

  static final class Greeter {
    public static void main(String[] arguments) throws InterruptedException {
      System.out.println("hello " + arguments[0]);
      Thread.sleep(100_000);
    }
  }
}
