package org.walstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.walstream.testkit.CrashProcess;

class MeasuresTest {

  @Test
  void medianIsTheMiddleOne() {
    var runs = List.of(run(1.0), run(100.0), run(2.0));
    assertThat(Run.median(runs, Run::megabytesPerSecond)).isEqualTo(1000.0 / 2);
    assertThat(Run.median(runs.subList(0, 2), Run::megabytesPerSecond)).isEqualTo(10.0);
  }

  @Test
  void figuresAreInTheUnitsTheySay() {
    var run = new Run(2_000_000_000, 4, 1, 64 << 20);
    assertThat(run.megabytesPerSecond()).isEqualTo(500);
    assertThat(run.cpuSecondsPerGigabyte()).isEqualTo(0.5);
    assertThat(run.memoryMebibytes()).isEqualTo(64);
  }

  @Test
  void cpuOfAnEndedChildIsThatOfItsOwnCount() {
    var before = ChildUsage.cpuSeconds();
    var busy =
        CrashProcess.start(
            List.of("sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; times"));
    assertThat(busy.awaitExit()).isZero();
    var own = busy.output().lines().findFirst().orElseThrow(); // 0m0.120s 0m0.010s
    assertThat(ChildUsage.cpuSeconds() - before).isCloseTo(seconds(own), within(0.1));
  }

  @Test
  void readsOurOwnProcess() {
    var pid = ProcessHandle.current().pid();
    assertThat(ProcessFacts.resident(pid)).isBetween(10L << 20, 10L << 30);
    assertThat(ProcessFacts.peakResident(pid)).isGreaterThanOrEqualTo(10L << 20);
    assertThat(ProcessFacts.privateBytes(pid)).isPositive();
    assertThat(ProcessFacts.cpuSeconds(pid)).isPositive();
    assertThat(ProcessFacts.cpuSeconds(Integer.MAX_VALUE)).isZero(); // no such process
  }

  private static Run run(double seconds) {
    return new Run(1_000_000_000, seconds, 1, 1);
  }

  private static double seconds(String times) {
    var sum = 0.0;
    for (var part : times.split(" ", -1)) {
      var minutesAndSeconds = part.replace("s", "").split("m", -1);
      sum +=
          60 * Double.parseDouble(minutesAndSeconds[0]) + Double.parseDouble(minutesAndSeconds[1]);
    }
    return sum;
  }
}
