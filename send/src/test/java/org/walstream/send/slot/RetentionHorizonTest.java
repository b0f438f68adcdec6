package org.walstream.send.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.send.slot.RetentionHorizon.Limits;
import org.walstream.send.slot.RetentionHorizon.WalStatus;
import org.walstream.wal.WalSegmentSize;

class RetentionHorizonTest {

  private static final int PID = 4711;
  private static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;

  /// WAL ends in the middle of segment 100.
  private static final long END = segment(100) + 5000;

  @TempDir private Path directory;

  private ReplicationSlots slots;
  private Limits limits = Limits.DEFAULT;

  @BeforeEach
  void open() throws IOException {
    slots = reopened();
  }

  @Test
  void withoutSlotsAndLimitsOnlyTheOpenSegmentStays() throws Exception {
    assertThat(keepFrom()).isEqualTo(segment(100));
  }

  @Test
  void walKeepSizeIsKeptInWholeSegments() throws Exception {
    limits = new Limits(3L * SIZE.bytes() + 1, -1);
    assertThat(keepFrom()).isEqualTo(segment(97));
  }

  @Test
  void nothingIsBeforeTheBeginning() throws Exception {
    limits = new Limits(1L << 50, 1L << 50);
    assertThat(keepFrom()).isZero();
  }

  @Test
  void theOldestSlotHoldsItsSegment() throws Exception {
    slots.create("newer", false, segment(90), PID);
    slots.create("oldest", false, segment(70) + 12345, PID);
    slots.create("temporary", true, segment(80), PID);
    slots.create("reserves_nothing", false, 0, PID);
    assertThat(keepFrom()).isEqualTo(segment(70));

    slots.drop("oldest", PID, false);
    assertThat(keepFrom()).isEqualTo(segment(80));
  }

  @Test
  void aSlotAheadOfTheEndHoldsNothing() throws Exception {
    slots.create("ahead", false, segment(103), PID);
    assertThat(keepFrom()).isEqualTo(segment(100));
  }

  @Test
  void whatIsGivenUpForASlotIsOnItsFileFirst() throws Exception {
    slots.create("s", false, segment(70), PID);
    slots.acquire("s", PID, () -> {}).confirmFlushed(segment(95) + 1);
    assertThat(keepFrom()).isEqualTo(segment(95));
    assertThat(reopened().find("s").orElseThrow().restartLsn()).isEqualTo(segment(95) + 1);
  }

  @Test
  void slotsThatHoldMoreThanTheyMayAreInvalidated() throws Exception {
    slots.create("too_old", false, segment(89) + SIZE.bytes() - 1, PID);
    slots.create("just_right", false, segment(90), PID);
    limits = new Limits(0, 10L * SIZE.bytes());
    assertThat(keepFrom()).isEqualTo(segment(90));

    for (var each : new ReplicationSlots[] {slots, reopened()}) {
      assertThat(each.find("too_old").orElseThrow().invalidation())
          .contains(Invalidation.WAL_REMOVED);
      assertThat(each.find("just_right").orElseThrow().invalidation()).isEmpty();
    }
  }

  @Test
  void walThatIsKeptAnywayCostsNoSlotItsLife() throws Exception {
    slots.create("s", false, segment(85), PID);
    limits = new Limits(20L * SIZE.bytes(), 10L * SIZE.bytes());
    assertThat(keepFrom()).isEqualTo(segment(80));
    assertThat(slots.find("s").orElseThrow().invalidation()).isEmpty();
  }

  @Test
  void anInvalidatedSlotHoldsNothingWhateverItsStandbyConfirms() throws Exception {
    var slot = slots.create("s", false, segment(10), PID);
    limits = new Limits(0, 0);
    assertThat(keepFrom()).isEqualTo(segment(100));
    slot.reserve(segment(10));
    limits = Limits.DEFAULT;
    assertThat(keepFrom()).isEqualTo(segment(100));
  }

  @Test
  void statusSaysWhatIsLeftOfASlotsWal() throws Exception {
    var slot = slots.create("s", false, 0, PID);
    assertThat(status(slot)).isEmpty();

    limits = new Limits(5L * SIZE.bytes(), 10L * SIZE.bytes());
    slot.confirmFlushed(segment(95));
    assertThat(status(slot)).contains(WalStatus.RESERVED);
    slot.confirmFlushed(segment(95) - 1);
    assertThat(status(slot)).contains(WalStatus.EXTENDED);
    slot.confirmFlushed(segment(90) - 1);
    assertThat(status(slot)).contains(WalStatus.UNRESERVED);

    assertThat(keepFrom()).isEqualTo(segment(95));
    assertThat(status(slot)).contains(WalStatus.LOST);
  }

  @Test
  void safeWalSizeIsWhatMayStillBeWritten() throws Exception {
    var slot = slots.create("s", false, segment(95) + 7, PID);
    var horizon = horizon();
    assertThat(horizon.safeWalBytes(slot, END, SIZE)).isEmpty();

    limits = new Limits(0, 10L * SIZE.bytes());
    long safe = horizon.safeWalBytes(slot, END, SIZE).orElseThrow();
    assertThat(safe).isEqualTo(segment(106) - END);
    assertThat(horizon.status(slot, END + safe - 1, SIZE)).contains(WalStatus.EXTENDED);
    assertThat(horizon.status(slot, END + safe, SIZE)).contains(WalStatus.UNRESERVED);
  }

  private long keepFrom() throws IOException {
    return horizon().keepFrom(END, SIZE);
  }

  private Optional<WalStatus> status(ReplicationSlot slot) {
    return horizon().status(slot, END, SIZE);
  }

  private RetentionHorizon horizon() {
    return new RetentionHorizon(slots, () -> limits);
  }

  private ReplicationSlots reopened() throws IOException {
    return ReplicationSlots.open(directory, FileLayer.system(), () -> 10);
  }

  private static long segment(long number) {
    return SIZE.start(number);
  }
}
