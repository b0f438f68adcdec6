package org.walstream.cli.waldump;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScanFTest {

  @Test
  void readsNumbersAsSscanfDoes() {
    assertThat(ScanF.unsigned(" 12abc")).hasValue(12);
    assertThat(ScanF.unsigned("+7")).hasValue(7);
    assertThat(ScanF.unsigned("-1")).hasValue(0xFFFF_FFFFL);
    assertThat(ScanF.unsigned("x")).isEmpty();
    assertThat(ScanF.unsigned("")).isEmpty();
  }

  @Test
  void readsPositions() {
    assertThat(ScanF.lsn("16/B374D848")).hasValue(0x16_B374D848L);
    assertThat(ScanF.lsn("0x1/0xff and more")).hasValue(0x1_0000_00FFL);
    assertThat(ScanF.lsn("1/")).isEmpty();
    assertThat(ScanF.lsn("1 /2")).isEmpty();
  }

  @Test
  void readsThreeNumbersOrNone() {
    assertThat(ScanF.triple("1663/5/16384")).containsExactly(1663, 5, 16384);
    assertThat(ScanF.triple("1663/5")).isEmpty();
  }

  @Test
  void readsAsManyDigitsAsAskedFor() {
    assertThat(ScanF.after("custom", "custom1289", 3)).hasValue(128);
    assertThat(ScanF.after("custom", "heap", 3)).isEmpty();
  }
}
