package org.walstream.send.walsender;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.walstream.send.walsender.LagTracker.Stage;

class LagTrackerTest {

  private final LagTracker lag = new LagTracker();

  @Test
  void measuresFromSendingToConfirmation() {
    lag.sent(100, 1_000);
    lag.sent(200, 2_000);
    lag.reached(Stage.WRITE, 150, 5_000);
    assertThat(lag.nanos(Stage.WRITE)).isEqualTo(4_000);
    lag.reached(Stage.WRITE, 200, 6_000);
    assertThat(lag.nanos(Stage.WRITE)).isEqualTo(4_000);
    assertThat(lag.nanos(Stage.FLUSH)).isEqualTo(LagTracker.UNKNOWN);
  }

  @Test
  void saysUnknownOnceAnIdleStandbyHasEverything() {
    lag.sent(100, 1_000);
    lag.reached(Stage.FLUSH, 100, 3_000);
    lag.reached(Stage.FLUSH, 100, 90_000);
    assertThat(lag.nanos(Stage.FLUSH)).isEqualTo(LagTracker.UNKNOWN);
  }

  @Test
  void aStandbyFarBehindIsMeasuredFromItsOldestSample() {
    for (int i = 1; i <= 10_000; i++) {
      lag.sent(i, i);
    }
    lag.reached(Stage.APPLY, 1, 50_000);
    assertThat(lag.nanos(Stage.APPLY)).isEqualTo(49_999);
    lag.reached(Stage.APPLY, 10_000, 60_000);
    assertThat(lag.nanos(Stage.APPLY)).isEqualTo(50_000);
  }
}
