package org.walstream.wal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.wal.crafted.CraftedWal.SYSTEM_IDENTIFIER;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedWal;

class WalVerifierTest {

  private final CraftedWal wal = CraftedWal.of(WalFormat.PG_18);
  private final WalVerifier verifier =
      new WalVerifier(wal.segmentSize(), SYSTEM_IDENTIFIER, TimelineId.FIRST);

  @ParameterizedTest
  @EnumSource
  void provesTheWalOfEachVersion(WalFormat format) {
    var crafted = CraftedWal.of(format);
    for (int i = 0; i < 500; i++) {
      crafted.record(i * 3);
    }
    verifier.start(crafted.startLsn());
    assertThat(verifier.feed(crafted.startLsn(), ByteBuffer.wrap(crafted.bytes()))).isTrue();
    assertThat(verifier.verifiedLsn()).isEqualTo(crafted.endLsn());
    assertThat(verifier.lastRecordLsn()).isEqualTo(crafted.prevLsn());
    assertThat(verifier.position()).isEqualTo(crafted.endLsn());
    assertThat(verifier.format()).isEqualTo(format);
  }

  @Test
  void leavesTheBufferAsItWas() {
    wal.record(10);
    var bytes = ByteBuffer.allocateDirect(500).order(ByteOrder.BIG_ENDIAN);
    bytes.put(100, wal.bytes()).position(100).limit(100 + wal.bytes().length);
    verifier.start(wal.startLsn());
    assertThat(verifier.feed(wal.startLsn(), bytes)).isTrue();
    assertThat(bytes.position()).isEqualTo(100);
    assertThat(bytes.limit()).isEqualTo(100 + wal.bytes().length);
    assertThat(bytes.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    assertThat(verifier.verifiedLsn()).isEqualTo(wal.endLsn());
  }

  @Test
  void refusesBytesThatDoNotFollow() {
    verifier.start(wal.startLsn());
    assertThatThrownBy(() -> verifier.feed(wal.startLsn() + 8, ByteBuffer.allocate(8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("WAL at 0/300008 does not follow on 0/300000");
  }

  @Test
  void provesNothingOfARecordThatIsNotWhole() {
    wal.record(100);
    long whole = wal.endLsn();
    wal.record(101);
    byte[] bytes = wal.bytes();
    assertThat(verify(bytes, bytes.length - 4)).isNull();
    assertThat(verifier.verifiedLsn()).as("padding missing").isEqualTo(whole);
    assertThat(verify(bytes, bytes.length - 20)).isNull();
    assertThat(verifier.verifiedLsn()).as("body missing").isEqualTo(whole);
    assertThat(verify(bytes, wal.offset(whole) + 5)).isNull();
    assertThat(verifier.verifiedLsn()).as("header missing").isEqualTo(whole);
    assertThat(verifier.pendingRecordLsn()).isEqualTo(whole);
  }

  // Where records stand

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 16, 24, 32})
  void readsARecordThatStartsThatFarBeforeThePageEnds(int left) {
    wal.recordLeavingOnPage(left);
    wal.record(500);
    assertProven();
  }

  @Test
  void readsARecordOverManyPagesAndSegments() {
    wal.record(100);
    wal.record(3 * wal.segmentSize().bytes());
    wal.record(100);
    assertProven();
  }

  @Test
  void readsASwitchInTheMiddleOfASegment() {
    wal.record(100);
    wal.switchSegment();
    assertProven();
    wal.record(100);
    assertProven();
  }

  @Test
  void readsASwitchThatEndsWithItsPage() {
    wal.recordLeavingOnPage(24);
    wal.switchSegment();
    wal.record(100);
    assertProven();
  }

  @Test
  void readsASwitchCutByAPage() {
    wal.recordLeavingOnPage(16);
    wal.switchSegment();
    wal.record(100);
    assertProven();
  }

  @Test
  void readsASwitchThatEndsWithItsSegment() {
    while (wal.segmentSize().bytes() - wal.offset(wal.endLsn()) > 8192) {
      wal.recordLeavingOnPage(0);
    }
    wal.recordLeavingOnPage(24);
    wal.switchSegment();
    assertThat(wal.offset(wal.endLsn())).isEqualTo(wal.segmentSize().bytes());
    wal.record(100);
    assertProven();
  }

  @Test
  void movesOverTheZerosAfterASwitchAsTheyCome() {
    wal.record(100);
    long end = wal.switchSegment() + 24;
    assertThat(verify(wal.bytes(), wal.offset(end) + 12_345)).isNull();
    assertThat(verifier.verifiedLsn()).isEqualTo(end + 12_345);
  }

  @Test
  void refusesDataAfterASwitch() {
    long switched = wal.switchSegment();
    byte[] bytes = wal.bytes();
    bytes[100_000] = 1;
    assertThat(verify(bytes))
        .isEqualTo(
            new WalDefect(
                wal.startLsn() + 100_000,
                "unexpected data at 0/3186A0 after the XLOG_SWITCH record at "
                    + Lsn.format(switched)
                    + ": expected zeros to the segment's end"));
    assertThat(verifier.verifiedLsn()).isEqualTo(wal.startLsn() + 100_000);
  }

  @Test
  void passesOverTheRestOfARecordItDoesNotKnow() {
    wal.record(100);
    wal.record(wal.segmentSize().bytes() + 20_000);
    wal.record(100);
    byte[] bytes = wal.bytes();
    long second = wal.startLsn() + wal.segmentSize().bytes();
    verifier.start(second);
    assertThat(verifier.feed(second, rest(bytes, wal.offset(second)))).isTrue();
    assertThat(verifier.verifiedLsn()).isEqualTo(wal.endLsn());
    assertThat(verifier.lastRecordLsn()).isEqualTo(wal.prevLsn());
  }

  @Test
  void countsNothingAsProvenWhileItPassesOver() {
    wal.record(2 * wal.segmentSize().bytes());
    byte[] bytes = wal.bytes();
    long second = wal.startLsn() + wal.segmentSize().bytes();
    verifier.start(second);
    verifier.feed(second, rest(bytes, wal.offset(second)).limit(bytes.length - 8));
    assertThat(verifier.verifiedLsn()).isEqualTo(second);
  }

  @Test
  void startsInThePagesMiddleAtTheNextPage() {
    wal.record(100);
    wal.record(10_000);
    wal.record(100);
    verifier.start(wal.startLsn() + 72);
    assertThat(verifier.feed(wal.startLsn() + 72, rest(wal.bytes(), 72))).isTrue();
    assertThat(verifier.verifiedLsn()).isEqualTo(wal.endLsn());
  }

  @Test
  void startsAtARecordAndChecksItsLink() {
    wal.record(100);
    long first = wal.prevLsn();
    long second = wal.record(100);
    wal.record(20_000);
    verifier.startAtRecord(second, first);
    assertThat(verifier.feed(second, rest(wal.bytes(), wal.offset(second)))).isTrue();
    assertThat(verifier.verifiedLsn()).isEqualTo(wal.endLsn());

    verifier.startAtRecord(second, first - 8);
    assertThat(verifier.feed(second, rest(wal.bytes(), wal.offset(second)))).isFalse();
    assertThat(verifier.defect())
        .isEqualTo(
            new WalDefect(
                second, "record with incorrect prev-link 0/300028 at " + Lsn.format(second)));
  }

  // Lost contrecords and timelines

  @Test
  void followsARecordThatWasLostInACrash() {
    wal.record(100);
    wal.loseContrecord();
    wal.record(100);
    assertProven();
  }

  @Test
  void refusesAnOverwriteThatNamesAnotherRecord() {
    wal.record(100);
    long lost = wal.loseContrecord(0x1234);
    assertThat(verify(wal.bytes()))
        .hasToString("mismatching overwritten LSN 0/1234 -> " + Lsn.format(lost));
  }

  @Test
  void refusesAnyOtherRecordInPlaceOfAnOverwrite() {
    wal.record(100);
    long lost = wal.loseContrecord();
    byte[] bytes = wal.bytes();
    var other = CraftedWal.of(WalFormat.PG_18);
    other.record(100);
    other.recordLeavingOnPage(0);
    other.record(20);
    byte[] page = other.bytes();
    page[8192 + 2] = XLogPageHeader.FIRST_IS_OVERWRITE_CONTRECORD;
    System.arraycopy(bytes, 0, page, 0, 8192);
    page = relink(page, 8192 + 24, wal.startLsn() + 40);
    assertThat(verify(page)).hasToString("mismatching overwritten LSN 0/0 -> " + Lsn.format(lost));
  }

  @Test
  void followsATimelineThatBeginsInTheMiddleOfASegment() {
    var onTwo = new WalVerifier(wal.segmentSize(), SYSTEM_IDENTIFIER, new TimelineId(2));
    wal.recordLeavingOnPage(100 / 8 * 8);
    wal.timeline(2);
    wal.record(100);
    wal.record(9000);
    onTwo.start(wal.startLsn());
    assertThat(onTwo.feed(wal.startLsn(), ByteBuffer.wrap(wal.bytes()))).isTrue();
    assertThat(onTwo.verifiedLsn()).isEqualTo(wal.endLsn());
    assertThat(verify(wal.bytes()))
        .hasToString(
            "unexpected timeline ID 2 in WAL segment 000000010000000000000003, LSN 0/302000,"
                + " offset 8192");
  }

  @Test
  void refusesATimelineThatGoesBack() {
    var onTwo = new WalVerifier(wal.segmentSize(), SYSTEM_IDENTIFIER, new TimelineId(2));
    wal.timeline(2).recordLeavingOnPage(0);
    wal.timeline(1).record(100);
    onTwo.start(wal.startLsn());
    assertThat(onTwo.feed(wal.startLsn(), ByteBuffer.wrap(wal.bytes()))).isFalse();
    assertThat(onTwo.defect())
        .hasToString(
            "out-of-sequence timeline ID 1 (after 2) in WAL segment 000000020000000000000003, LSN"
                + " 0/302000, offset 8192");
  }

  // Defects, in PostgreSQL's words

  @Test
  void namesAZeroedTail() {
    wal.record(100);
    assertThat(verify(wal.segments()))
        .isEqualTo(
            new WalDefect(
                0x3000A8, "invalid record length at 0/3000A8: expected at least 24, got 0"));
  }

  @Test
  void namesAPageOfAnotherVersion() {
    assertThat(verifyPatched(bytes -> bytes.putShort(8192, (short) 0xD116)))
        .isEqualTo(onSecondPage("invalid magic number D116"));
    assertThat(verifyPatched(bytes -> bytes.putShort(8192, (short) 0xBEEF)))
        .isEqualTo(onSecondPage("invalid magic number BEEF"));
  }

  @Test
  void namesUnknownFlagsAndAShortHeaderWhereASegmentStarts() {
    assertThat(verifyPatched(bytes -> bytes.putShort(8192 + 2, (short) 0x11)))
        .isEqualTo(onSecondPage("invalid info bits 0011"));
    assertThat(verifyPatched(bytes -> bytes.putShort(2, (short) 0)))
        .hasToString(
            "invalid info bits 0000 in WAL segment 000000010000000000000003, LSN 0/300000, offset 0");
  }

  @Test
  void namesAPageFromElsewhere() {
    assertThat(verifyPatched(bytes -> bytes.putLong(8192 + 8, 0x5_00302000L)))
        .isEqualTo(onSecondPage("unexpected pageaddr 5/302000"));
  }

  @Test
  void namesAnotherClustersWal() {
    String foreign = "WAL file is from different database system: ";
    assertThat(verifyPatched(bytes -> bytes.putLong(24, -1)))
        .hasToString(
            foreign
                + "WAL file database system identifier is 18446744073709551615, pg_control database"
                + " system identifier is "
                + SYSTEM_IDENTIFIER);
    assertThat(verifyPatched(bytes -> bytes.putInt(32, 16 << 20)))
        .hasToString(foreign + "incorrect segment size in page header");
    assertThat(verifyPatched(bytes -> bytes.putInt(36, 4096)))
        .hasToString(foreign + "incorrect XLOG_BLCKSZ in page header");
  }

  @Test
  void namesAnUnknownResourceManager() {
    assertThat(verifyPatched(bytes -> bytes.put(40 + 17, (byte) 22)))
        .isEqualTo(new WalDefect(0x300028, "invalid resource manager ID 22 at 0/300028"));
  }

  @Test
  void namesAContinuationThatNobodyAskedFor() {
    wal.recordLeavingOnPage(0);
    wal.record(100);
    byte[] bytes = wal.bytes();
    bytes[8192 + 2] = 1;
    assertThat(verify(bytes))
        .isEqualTo(new WalDefect(0x302018, "contrecord is requested by 0/302018"));
    assertThat(verifier.verifiedLsn()).isEqualTo(0x302000);
  }

  @Test
  void namesAnOverwriteThatIsAContinuationToo() {
    assertThat(
            verifyPatched(bytes ->
                bytes.putShort(
                    8192 + 2,
                    (short)
                        (XLogPageHeader.FIRST_IS_CONTRECORD
                            | XLogPageHeader.FIRST_IS_OVERWRITE_CONTRECORD))))
        .hasToString("contrecord is requested by 0/302018");
  }

  @Test
  void saysTheSameWhenAskedAgain() {
    var defect = verifyPatched(bytes -> bytes.put(60, (byte) 1));
    assertThat(verifier.feed(0, ByteBuffer.allocate(10))).isFalse();
    assertThat(verifier.defect()).isEqualTo(defect);
  }

  /// What is found in WAL of a few pages after `patch`.
  private @Nullable WalDefect verifyPatched(Consumer<ByteBuffer> patch) {
    var crafted = CraftedWal.of(WalFormat.PG_18);
    crafted.record(100);
    crafted.record(20_000);
    byte[] bytes = crafted.bytes();
    patch.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return verify(bytes);
  }

  private static WalDefect onSecondPage(String what) {
    return new WalDefect(
        0x302000, what + " in WAL segment 000000010000000000000003, LSN 0/302000, offset 8192");
  }

  private void assertProven() {
    assertThat(verify(wal.bytes())).isNull();
    assertThat(verifier.verifiedLsn()).isEqualTo(wal.endLsn());
    assertThat(verifier.lastRecordLsn()).isEqualTo(wal.prevLsn());
  }

  private @Nullable WalDefect verify(byte[] bytes) {
    return verify(bytes, bytes.length);
  }

  private @Nullable WalDefect verify(byte[] bytes, int length) {
    verifier.start(wal.startLsn());
    assertThat(verifier.feed(wal.startLsn(), ByteBuffer.wrap(bytes, 0, length)))
        .isEqualTo(verifier.defect() == null);
    return verifier.defect();
  }

  private static ByteBuffer rest(byte[] bytes, int from) {
    return ByteBuffer.wrap(bytes, from, bytes.length - from);
  }

  /// The bytes with the record at `at` linked to `prevLsn`, its CRC made right.
  private static byte[] relink(byte[] bytes, int at, long prevLsn) {
    var record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(at + 8, prevLsn);
    var crc = new java.util.zip.CRC32C();
    crc.update(bytes, at + 24, record.getInt(at) - 24);
    crc.update(bytes, at, 20);
    record.putInt(at + 20, (int) crc.getValue());
    return bytes;
  }
}
