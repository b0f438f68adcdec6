package org.walstream.wal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.crafted.CraftedWal;

class WalReaderTest {

  private static final long SEED = Long.getLong("walstream.test.seed", System.nanoTime());
  private static final TimelineHistory HISTORY = TimelineHistory.ofFirst(TimelineId.FIRST);

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

  @Test
  void givesEveryRecordAsItWasWritten() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_17);
    List<Long> written = new ArrayList<>();
    for (int size : new int[] {0, 1, 200, 9000, 30_000, 8}) {
      written.add(wal.record(10, 0x20, body(size)));
    }
    written.add(wal.switchSegment());
    written.add(wal.record(10, 0x20, body(2_500_000)));
    written.add(wal.record(10, 0x20, body(3)));
    WalReader reader = reader(wal, wal.segments());
    reader.start(wal.startLsn());
    long prev = 0;
    for (long lsn : written) {
      var record = (DecodedXLogRecord) reader.next();
      assertThat(record.lsn()).isEqualTo(lsn);
      assertThat(record.prevLsn()).isEqualTo(prev);
      assertThat(record.format()).isEqualTo(WalFormat.PG_17);
      assertThat(record.xid()).isEqualTo(731);
      if (record.rmgrId() == 10) {
        byte[] main = record.main().toArray();
        assertThat(main).isEqualTo(mainOf(main.length));
      } else {
        assertThat(record.endLsn()).isEqualTo(wal.startLsn() + wal.segmentSize().bytes());
      }
      prev = lsn;
    }
    var end = (ReadResult.EndOfRecords) reader.next();
    assertThat(end.lsn()).isEqualTo(wal.endLsn());
    assertThat(end.reason().message()).startsWith("invalid record length at ");
    assertThat(reader.next()).isEqualTo(end);
  }

  @Test
  void startsWithTheFirstRecordAtOrAfterAPosition() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_18);
    List<Long> written = new ArrayList<>();
    while (wal.bytes().length < 300_000) {
      written.add(wal.record(10, 0x20, body(random.nextInt(12_000))));
    }
    for (int i = 0; i < written.size(); i++) {
      WalReader reader = reader(wal, wal.segments());
      long before = i == 0 ? wal.startLsn() : written.get(i - 1) + 1;
      reader.start(before + random.nextLong(written.get(i) - before + 1));
      assertThat(((DecodedXLogRecord) reader.next()).lsn())
          .as("seed %d, record %d", SEED, i)
          .isEqualTo(written.get(i));
    }
  }

  @Test
  void givesNoRecordThatReachesBeyondItsLimit() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_18);
    wal.record(10, 0x20, body(100));
    long second = wal.record(10, 0x20, body(100));
    WalReader reader = reader(wal, wal.segments());
    reader.start(wal.startLsn());
    reader.limit(second + 50);
    assertThat(reader.next()).isInstanceOf(DecodedXLogRecord.class);
    assertThat(reader.next()).isEqualTo(new ReadResult.NeedMoreData(second + 50));
  }

  @Test
  void goesOnWhereMoreHasBeenWritten() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_18);
    wal.record(10, 0x20, body(100));
    var segments = new byte[1][];
    segments[0] = wal.segments();
    WalReader reader = reader(wal, segments);
    reader.start(wal.startLsn());
    reader.next();
    assertThat(reader.next()).isInstanceOf(ReadResult.EndOfRecords.class);
    long more = wal.record(10, 0x20, body(20_000));
    segments[0] = wal.segments();
    reader.resume();
    assertThat(((DecodedXLogRecord) reader.next()).lsn()).isEqualTo(more);
  }

  @Test
  void printsCommitsAsTheReadmeShows() throws Exception {
    var wal = CraftedWal.of(WalFormat.PG_18);
    byte[] commit = {(byte) 0xFF, 8, 0x40, 0x42, 0x0F, 0, 0, 0, 0, 0};
    wal.record(1, 0x00, commit);
    wal.record(10, 0x20, body(100));
    wal.record(1, 0x00, commit);
    var printed = new ByteArrayOutputStream();
    CommitTimesExample.printCommits(
        source(wal, new byte[][] {wal.segments()}),
        wal.segmentSize(),
        HISTORY,
        wal.startLsn(),
        new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .hasSize(3)
        .startsWith("0/300028 2000-01-01 00:00:01.000000 UTC")
        .last(InstanceOfAssertFactories.STRING)
        .contains("invalid record length");
    String source =
        Files.readString(Path.of("src/test/java/org/walstream/wal/record/CommitTimesExample.java"));
    String begin = "// README begins\n";
    String example =
        source.substring(
            source.indexOf(begin) + begin.length(), source.indexOf("    // README ends"));
    assertThat(Files.readString(Path.of("README.md")))
        .contains("```java\n" + example.replaceAll("(?m)^ {4}", "") + "```");
  }

  @Test
  void goesOnWithinThePageItHadComeTo() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_17);
    wal.record(10, 0x20, body(100));
    var segments = new byte[][] {wal.segments()};
    WalReader reader = reader(wal, segments);
    reader.start(wal.startLsn());
    reader.next();
    assertThat(reader.next()).isInstanceOf(ReadResult.EndOfRecords.class);
    long more = wal.record(10, 0x20, body(50));
    segments[0] = wal.segments();
    reader.resume();
    var record = (DecodedXLogRecord) reader.next();
    assertThat(record.lsn()).isEqualTo(more);
    assertThat(record.format()).isEqualTo(WalFormat.PG_17);
  }

  @Test
  void startsAtARecordOnTheFirstPageOfASegment() throws IOException {
    var wal = CraftedWal.of(WalFormat.PG_16);
    wal.record(10, 0x20, body(100));
    long second = wal.record(10, 0x20, body(50));
    WalReader reader = reader(wal, wal.segments());
    reader.startAtRecord(second);
    assertThat(((DecodedXLogRecord) reader.next()).lsn()).isEqualTo(second);
  }

  /// The verifier does not take records apart, and the reader does not feed it in one go.
  @Test
  void findsTheSameEndAsAVerifier() throws IOException {
    for (int round = 0; round < 300; round++) {
      var wal = CraftedWal.of(WalFormat.PG_18).fill(random, 60_000);
      byte[] bytes = wal.segments();
      bytes[random.nextInt(wal.bytes().length)] ^= (byte) (1 << random.nextInt(8));
      var verifier = WalVerifier.asRecovery(wal.segmentSize(), 0, TimelineId.FIRST, null);
      verifier.start(wal.startLsn());
      verifier.feed(wal.startLsn(), ByteBuffer.wrap(bytes));
      var reader = reader(wal, bytes);
      reader.start(wal.startLsn());
      long last = 0;
      ReadResult result = reader.next();
      while (result instanceof DecodedXLogRecord record) {
        last = record.lsn();
        result = reader.next();
      }
      assertThat(((ReadResult.EndOfRecords) result).reason())
          .as("seed %d, round %d", SEED, round)
          .isEqualTo(verifier.defect());
      assertThat(last).isEqualTo(verifier.lastRecordLsn());
    }
  }

  @Test
  void takesBytesOutOfArraysOnly() {
    var reader = new RecordReader(new WalSegmentSize(1 << 20), 0, TimelineId.FIRST);
    reader.start(0x300000);
    ByteBuffer outside = ByteBuffer.allocateDirect(8192);
    assertThatThrownBy(() -> reader.input(0x300000, outside))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("records are read out of arrays");
  }

  @Test
  void readsTheSameRecordsHoweverTheBytesAreCut() {
    for (int round = 0; round < 50; round++) {
      var wal = CraftedWal.of(WalFormat.PG_18);
      List<Long> written = new ArrayList<>();
      while (wal.bytes().length < 60_000) {
        written.add(wal.record(10, 0x20, body(random.nextInt(3000))));
      }
      byte[] bytes = wal.bytes();
      var reader = new RecordReader(wal.segmentSize(), 0, TimelineId.FIRST);
      reader.start(wal.startLsn());
      List<Long> read = new ArrayList<>();
      int at = 0;
      ByteBuffer buffer = ByteBuffer.allocate(10_000).order(ByteOrder.LITTLE_ENDIAN);
      while (at < bytes.length) {
        int length = Math.min(1 + random.nextInt(10_000), bytes.length - at);
        buffer.clear().put(bytes, at, length).flip();
        reader.input(wal.startLsn() + at, buffer);
        while (reader.next() instanceof DecodedXLogRecord record) {
          assertThat(record.main().toArray()).isEqualTo(mainOf(record.main().length()));
          read.add(record.lsn());
        }
        at += length;
      }
      assertThat(read).as("seed %d, round %d", SEED, round).isEqualTo(written);
    }
  }

  /// A record's body that is nothing but main data.
  private static byte[] body(int length) {
    var body = ByteBuffer.allocate(length + 5).order(ByteOrder.LITTLE_ENDIAN);
    if (length == 0) {
      return new byte[0];
    }
    if (length < 256) {
      body.put((byte) 0xFF).put((byte) length);
    } else {
      body.put((byte) 0xFE).putInt(length);
    }
    body.put(mainOf(length)).flip();
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    return bytes;
  }

  private static byte[] mainOf(int length) {
    byte[] main = new byte[length];
    for (int i = 0; i < length; i++) {
      main[i] = (byte) (i * 7 + length);
    }
    return main;
  }

  private static WalReader reader(CraftedWal wal, byte[]... segments) {
    return new WalReader(source(wal, segments), wal.segmentSize(), HISTORY, 0);
  }

  /// One run of bytes from the crafted WAL's start, which may change.
  private static WalSegmentSource source(CraftedWal wal, byte[][] segments) {
    return (segment, offset, into) -> {
      long at = segment.startLsn() + offset - wal.startLsn();
      if (segment.timeline().value() != 1 || at < 0 || at >= segments[0].length) {
        return WalSegmentSource.ABSENT;
      }
      long end = Math.min(segments[0].length, at - offset + wal.segmentSize().bytes());
      int length = (int) Math.min(into.remaining(), end - at);
      into.put(segments[0], (int) at, length);
      return length;
    };
  }
}
