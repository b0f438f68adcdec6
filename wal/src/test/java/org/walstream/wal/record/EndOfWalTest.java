package org.walstream.wal.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.crafted.CraftedWal;

class EndOfWalTest {

  private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
  private static final TimelineId ONE = TimelineId.FIRST;
  private static final TimelineId TWO = new TimelineId(2);

  private final Map<String, byte[]> files = new HashMap<>();
  private TimelineHistory history = TimelineHistory.ofFirst(ONE);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PG_15 | invalid record length at 0/3000A8: wanted 24, got 0
          PG_16 | invalid record length at 0/3000A8: expected at least 24, got 0
          PG_17 | invalid record length at 0/3000A8: expected at least 24, got 0
          PG_18 | invalid record length at 0/3000A8: expected at least 24, got 0
          """)
  void isAtTheZerosAfterTheLastRecord(WalFormat format, String reason) throws IOException {
    var wal = CraftedWal.of(format);
    wal.record(100);
    put(ONE, wal, wal.segments());
    assertEnd(wal, reason);
    assertThat(search(wal).reason().lsn()).isEqualTo(wal.endLsn());
    assertThat(search(wal).segment(SIZE)).hasToString("000000010000000000000003");
  }

  @Test
  void isBeforeARecordThatIsTorn() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_18);
    wal.record(100);
    long end = wal.endLsn();
    long last = wal.prevLsn();
    long torn = wal.record(30_000);
    byte[] bytes = wal.segments();
    Arrays.fill(bytes, 20_480, bytes.length, (byte) 0);
    put(ONE, wal, bytes);
    assertThat(search(wal))
        .isEqualTo(
            new EndOfWal(
                ONE,
                end,
                last,
                new WalDefect(
                    wal.startLsn() + 24_576,
                    "invalid magic number 0000 in WAL segment 000000010000000000000003, LSN"
                        + " 0/306000, offset 24576")));
    bytes = wal.segments();
    bytes[20_480] ^= 1;
    put(ONE, wal, bytes);
    assertThat(search(wal).reason())
        .isEqualTo(
            new WalDefect(
                torn, "incorrect resource manager data checksum in record at " + Lsn.format(torn)));
  }

  @Test
  void isBeforeTheOldPagesOfARecycledSegment() throws IOException {
    var old = CraftedWal.of(WalFormat.PG_15);
    while (old.endLsn() < old.startLsn() + SIZE.bytes()) {
      old.recordLeavingOnPage(0);
    }
    byte[] recycled = old.bytes();
    var wal = CraftedWal.of(WalFormat.PG_15, SIZE, 5 << 20);
    wal.recordLeavingOnPage(0);
    byte[] page = wal.bytes();
    System.arraycopy(page, 0, recycled, 0, page.length);
    put(ONE, wal, recycled);
    assertEnd(
        wal, "unexpected pageaddr 0/302000 in log segment 000000010000000000000005, offset 8192");
  }

  @Test
  void isBeforeStaleBytesInTheMiddleOfAPage() throws IOException {
    var old = CraftedWal.of(WalFormat.PG_18);
    old.record(100);
    old.record(100);
    byte[] bytes = Arrays.copyOf(old.bytes(), SIZE.bytes());
    var wal = CraftedWal.of(WalFormat.PG_18, SIZE, 5 << 20);
    wal.record(100);
    System.arraycopy(wal.bytes(), 0, bytes, 0, wal.bytes().length);
    put(ONE, wal, bytes);
    assertEnd(wal, "record with incorrect prev-link 0/300028 at 0/5000A8");
  }

  @Test
  void isWhereTheNextFileIsMissing() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_18);
    wal.record(100);
    wal.switchSegment();
    put(ONE, wal, wal.bytes());
    assertEnd(wal, "could not find file \"000000010000000000000004\": No such file or directory");
    assertThat(search(wal).reason().lsn()).isEqualTo(0x400000);
    assertThat(search(wal).segment(SIZE)).hasToString("000000010000000000000004");
  }

  @Test
  void isAtTheLastRecordOnWholePagesOfAFileThatIsCutOff() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_18);
    wal.recordLeavingOnPage(0);
    long end = wal.endLsn();
    wal.record(100);
    wal.record(100);
    put(ONE, wal, wal.bytes());
    int length = wal.bytes().length;
    assertThat(search(wal).endLsn()).isEqualTo(end);
    assertThat(search(wal).reason())
        .hasToString(
            "could not read from file \"000000010000000000000003\", offset %d: read 0 of %d"
                .formatted(length, 16384 - length));
  }

  @Test
  void doesNotReadTheRestAfterASwitch() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_18);
    wal.switchSegment();
    wal.record(100);
    byte[] bytes = wal.segments();
    Arrays.fill(bytes, 1000, SIZE.bytes(), (byte) 0x5A);
    put(ONE, wal, bytes);
    assertEnd(wal, "invalid record length at 0/4000A8: expected at least 24, got 0");

    files.clear();
    put(ONE, wal, Arrays.copyOf(bytes, 8192));
    files.put(
        "000000010000000000000004", Arrays.copyOfRange(bytes, SIZE.bytes(), 2 * SIZE.bytes()));
    assertEnd(wal, "invalid record length at 0/4000A8: expected at least 24, got 0");
  }

  @Test
  void goesOnAfterALostContrecord() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_18);
    wal.record(100);
    wal.loseContrecord();
    wal.record(100);
    put(ONE, wal, wal.segments());
    assertThat(search(wal).endLsn()).isEqualTo(wal.endLsn());
  }

  @Test
  void isBeforeAContrecordThatNeverCame() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_18);
    wal.record(100);
    long lost = wal.record(20_000);
    byte[] bytes = wal.segments();
    var header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    header.putShort(8192 + 2, (short) 0);
    put(ONE, wal, bytes);
    assertThat(search(wal).endLsn()).isEqualTo(lost);
    assertThat(search(wal).reason())
        .hasToString("there is no contrecord flag at " + Lsn.format(lost));
    header.putShort(8192 + 2, (short) 1).putInt(8192 + 16, 7);
    assertThat(search(wal).reason())
        .hasToString(
            "invalid contrecord length 7 (expected %d) at %s"
                .formatted(20_024 - (0x302000 - lost), Lsn.format(lost)));
  }

  @Test
  void isOnTheNewestTimelineThatHasTheSegment() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_18);
    wal.record(2_000_000);
    wal.record(100);
    long switchLsn = wal.endLsn();
    var onOne = CraftedWal.of(WalFormat.PG_18);
    onOne.record(2_000_000);
    onOne.record(100);
    onOne.record(5000);
    put(ONE, onOne, onOne.segments());
    wal.timeline(2).record(20_000);
    byte[] bytes = wal.segments();
    int last = bytes.length - SIZE.bytes();
    files.put("000000020000000000000004", Arrays.copyOfRange(bytes, last, bytes.length));
    history = history.branch(TWO, switchLsn, "no recovery target specified");
    var end = search(wal);
    assertThat(end.timeline()).isEqualTo(TWO);
    assertThat(end.endLsn()).isEqualTo(wal.endLsn());
    assertThat(end.segment(SIZE)).hasToString("000000020000000000000004");
  }

  @Test
  void mayStartAtARecordAndThenLooksAtThePagesBefore() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_18);
    wal.record(20_000);
    long start = wal.record(100);
    wal.record(100);
    byte[] bytes = wal.segments();
    put(ONE, wal, bytes);
    assertThat(EndOfWal.searchFromRecord(this::read, SIZE, 0, history, start).endLsn())
        .isEqualTo(wal.endLsn());
    bytes[3] = 1;
    var bad = EndOfWal.searchFromRecord(this::read, SIZE, 0, history, start);
    assertThat(bad.foundRecord()).isFalse();
    assertThat(bad.endLsn()).isEqualTo(start);
    assertThat(bad.reason())
        .hasToString(
            "invalid info bits 0102 in WAL segment 000000010000000000000003, LSN 0/300000, offset"
                + " 0");
  }

  @Test
  void isNowhereWithoutFiles() throws IOException {
    var end = search(CraftedWal.of(WalFormat.PG_18));
    assertThat(end.foundRecord()).isFalse();
    assertThat(end.reason())
        .hasToString("could not find file \"000000010000000000000003\": No such file or directory");
  }

  private void assertEnd(CraftedWal wal, String reason) throws IOException {
    var end = search(wal);
    assertThat(end.reason()).hasToString(reason);
    assertThat(end.timeline()).isEqualTo(ONE);
    assertThat(end.endLsn()).isEqualTo(wal.endLsn());
    assertThat(end.lastRecordLsn()).isEqualTo(wal.prevLsn());
  }

  private EndOfWal search(CraftedWal wal) throws IOException {
    return EndOfWal.searchFromSegment(
        this::read, SIZE, CraftedWal.SYSTEM_IDENTIFIER, history, wal.startLsn());
  }

  /// Stores the bytes, which start where `wal` does, as segments of `timeline`.
  private void put(TimelineId timeline, CraftedWal wal, byte[] bytes) {
    for (int at = 0; at < bytes.length; at += SIZE.bytes()) {
      var name = WalSegmentName.containing(timeline, wal.startLsn() + at, SIZE);
      boolean only = bytes.length <= SIZE.bytes();
      files.put(
          name.fileName(),
          only ? bytes : Arrays.copyOfRange(bytes, at, Math.min(at + SIZE.bytes(), bytes.length)));
    }
  }

  private int read(WalSegmentName segment, int offset, ByteBuffer into) {
    byte[] file = files.get(segment.fileName());
    if (file == null) {
      return WalSegmentSource.ABSENT;
    }
    int length = Math.max(Math.min(into.remaining(), file.length - offset), 0);
    into.put(file, Math.min(offset, file.length), length);
    return length;
  }
}
