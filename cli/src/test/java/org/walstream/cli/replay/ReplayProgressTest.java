package org.walstream.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplayProgressTest {

  private static final long SECOND = 1_000_000_000;

  @Test
  void tellsWhatIsLeftWhenTheEndIsKnown() {
    assertThat(ReplayProgress.line(0x1000000, 0x2000000, 0x5000000, 5_000_000, 2 * SECOND))
        .isEqualTo(
            "[#####               ]  25%  0/2000000  2000-01-01 00:00:05.000000 UTC  8.4 MB/s  0:00:06 left");
  }

  @Test
  void tellsHowFarItIsOtherwise() {
    assertThat(ReplayProgress.line(0x1000000, 0x2000000, 0, 0, 2 * SECOND))
        .isEqualTo("0/2000000  8.4 MB/s");
  }
}
