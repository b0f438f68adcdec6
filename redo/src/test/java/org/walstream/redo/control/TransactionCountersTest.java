package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.walstream.wal.control.CheckPoint;

class TransactionCountersTest {

  private final TransactionCounters counters = new TransactionCounters();

  @Test
  void aTransactionIsPassedOnce() {
    counters.begin(ControlFixture.checkPoint(800, 1, 0));
    counters.advancePast(700);
    counters.advancePast(0);
    assertThat(counters.nextXid()).isEqualTo(800);
    counters.advancePast(800);
    assertThat(counters.nextXid()).isEqualTo(801);
    counters.advancePast(1000);
    assertThat(counters.nextXid()).isEqualTo(1001);
  }

  @Test
  void anEpochEnds() {
    counters.begin(ControlFixture.checkPoint(0x5_FFFF_FFFEL, 1, 0));
    counters.advancePast(-2);
    assertThat(counters.nextXid()).isEqualTo(0x5_FFFF_FFFFL);
    counters.advancePast(-1);
    assertThat(counters.nextXid()).as("0 to 2 are nobody's").isEqualTo(0x6_0000_0003L);
    counters.begin(ControlFixture.checkPoint(0x5_FFFF_FFFEL, 1, 0));
    counters.advancePast(10);
    assertThat(counters.nextXid()).isEqualTo(0x6_0000_000BL);
    assertThat(counters.fullXid(9)).isEqualTo(0x6_0000_0009L);
    assertThat(counters.fullXid(-2)).isEqualTo(0x5_FFFF_FFFEL);
  }

  @Test
  void aServerThatStopsKnowsExactly() {
    counters.begin(ControlFixture.checkPoint(800, 10, 100));
    counters.setNextOid(50_000);
    counters.shutdownCheckpoint(ControlFixture.checkPoint(750, 9, 90));
    assertThat(counters.nextXid()).isEqualTo(750);
    assertThat(counters.nextOid()).isEqualTo(20_000);
    assertThat(counters.nextMulti()).isEqualTo(9);
    assertThat(counters.nextMultiOffset()).isEqualTo(90);
  }

  @Test
  void aServerThatGoesOnKnowsAtLeast() {
    counters.begin(ControlFixture.checkPoint(800, 10, 100));
    counters.setNextOid(50_000);
    counters.onlineCheckpoint(ControlFixture.checkPoint(750, 9, 90));
    assertThat(counters.nextXid()).isEqualTo(800);
    assertThat(counters.nextOid()).as("told by NEXTOID alone").isEqualTo(50_000);
    assertThat(counters.nextMulti()).isEqualTo(10);
    assertThat(counters.nextMultiOffset()).isEqualTo(100);
    counters.onlineCheckpoint(ControlFixture.checkPoint(0x1_0000_0010L, 11, 110));
    assertThat(counters.nextXid()).isEqualTo(0x1_0000_0010L);
    assertThat(counters.nextMulti()).isEqualTo(11);
    assertThat(counters.nextMultiOffset()).isEqualTo(110);
  }

  @Test
  void multixactsGoRound() {
    counters.begin(ControlFixture.checkPoint(800, -5, -10));
    counters.advanceNextMulti(3, 20);
    assertThat(counters.nextMulti()).isEqualTo(3);
    assertThat(counters.nextMultiOffset()).isEqualTo(20);
    counters.advanceNextMulti(-3, -4);
    assertThat(counters.nextMulti()).isEqualTo(3);
    assertThat(counters.nextMultiOffset()).isEqualTo(20);
  }

  @Test
  void thePastGetsShorter() {
    CheckPoint begin = ControlFixture.checkPoint(800, 10, 100);
    counters.begin(begin);
    assertThat(counters.oldestXid()).isEqualTo(3);
    assertThat(counters.oldestMulti()).isEqualTo(1);
    counters.setOldestMulti(7, 5);
    counters.onlineCheckpoint(begin);
    assertThat(counters.oldestMulti()).isEqualTo(7);
    assertThat(counters.oldestMultiDb()).isEqualTo(5);
    assertThat(counters.oldestXidDb()).isEqualTo(1);
    counters.advanceOldestCommitTs(500);
    assertThat(counters.oldestCommitTsXid()).as("not kept").isZero();
    counters.setOldestCommitTs(400);
    counters.advanceOldestCommitTs(500);
    counters.advanceOldestCommitTs(450);
    assertThat(counters.oldestCommitTsXid()).isEqualTo(500);
  }
}
