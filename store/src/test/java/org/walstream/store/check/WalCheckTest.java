package org.walstream.store.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.segmentAt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.store.SampleWal;
import org.walstream.store.check.WalReport.Damage;
import org.walstream.store.check.WalReport.Gap;
import org.walstream.store.check.WalReport.Kind;
import org.walstream.store.check.WalReport.Range;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;

/// A directory of WAL in which one thing is wrong, or nothing.
class WalCheckTest {

  private static final int MB = 1 << 20;
  private static final int PAGE = 8192;

  @TempDir Path directory;

  /// Five segments and a half.
  private final SampleWal wal = SampleWal.ofBytes(1, 5 * MB + MB / 2);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void aGoodDirectoryIsOneRange(int threads) throws IOException {
    writeAll();
    WalReport report = WalCheck.run(directory, false, threads);
    assertThat(report.isGood()).isTrue();
    assertThat(report.ranges())
        .containsExactly(new Range(TimelineId.FIRST, START, wal.endLsn(), 6));
    assertThat(report.segments()).isEqualTo(6);
  }

  @Test
  void compressedSegmentsAreReadToo() throws IOException {
    writeAll();
    compress(START);
    compress(START + MB);
    assertThat(check().isGood()).isTrue();
    flip(directory.resolve(segmentAt(START + MB).fileName() + ".gz"), 500_000);
    WalReport report = check();
    assertThat(report.damages()).hasSize(1);
    assertThat(report.damages().getFirst().fileName())
        .isEqualTo(segmentAt(START + MB).fileName() + ".gz");
  }

  /// Wherever a bit is wrong, the report says so, once, and the rest is good.
  @Test
  void eachFlippedBitIsOneDamage() throws IOException {
    var random = new SplittableRandom(4711);
    for (int i = 0; i < 40; i++) {
      writeAll();
      int offset = random.nextInt(MB);
      long segmentLsn = START + (long) random.nextInt(5) * MB;
      flip(directory.resolve(segmentAt(segmentLsn).fileName()), offset);
      WalReport report = check();
      if (report.isGood()) {
        continue; // up to seven bytes behind a record are nobody's
      }
      assertThat(report.damages()).as("offset %d of segment at %x", offset, segmentLsn).hasSize(1);
      Damage damage = report.damages().getFirst();
      assertThat(damage.kind()).isEqualTo(Kind.DAMAGE);
      assertThat(damage.startLsn()).isLessThanOrEqualTo(segmentLsn + offset);
      assertThat(damage.endLsn()).isGreaterThan(segmentLsn + offset);
      assertThat(damage.message()).isNotEmpty();
      assertThat(report.gaps()).isEmpty();
      assertThat(report.ranges()).hasSize(1);
    }
  }

  @Test
  void twoDamagesAreFoundInOneSegment() throws IOException {
    writeAll();
    Path file = directory.resolve(segmentAt(START + MB).fileName());
    flip(file, 200_000);
    flip(file, 800_000);
    assertThat(check().damages())
        .hasSize(2)
        .allSatisfy(
            damage -> assertThat(damage.fileName()).isEqualTo(segmentAt(START + MB).fileName()));
  }

  @Test
  void zerosWhereWalShouldBeAreAHole() throws IOException {
    writeAll();
    Path file = directory.resolve(segmentAt(START + 2 * MB).fileName());
    byte[] content = Files.readAllBytes(file);
    Arrays.fill(content, 10 * PAGE, 30 * PAGE, (byte) 0);
    Files.write(file, content);
    WalReport report = check();
    assertThat(report.damages()).hasSize(1);
    Damage damage = report.damages().getFirst();
    assertThat(damage.startLsn()).isLessThanOrEqualTo(START + 2 * MB + 10 * PAGE);
    assertThat(damage.endLsn()).isGreaterThanOrEqualTo(START + 2 * MB + 30 * PAGE);
  }

  @Test
  void aSegmentOfZerosIsAHoleFromEndToEnd() throws IOException {
    writeAll();
    Files.write(directory.resolve(segmentAt(START + 2 * MB).fileName()), new byte[MB]);
    assertThat(check().damages())
        .extracting(Damage::kind, Damage::endLsn)
        .contains(tuple(Kind.HOLE, START + 3 * MB));
  }

  @Test
  void aMissingSegmentIsAGap() throws IOException {
    writeAll();
    Files.delete(directory.resolve(segmentAt(START + 2 * MB).fileName()));
    WalReport report = check();
    assertThat(report.damages()).isEmpty();
    assertThat(report.gaps())
        .extracting(Gap::startLsn, Gap::endLsn)
        .containsExactly(tuple(START + 2 * MB, START + 3 * MB));
    assertThat(report.ranges()).hasSize(2);
  }

  @Test
  void aFileThatIsCutOffIsShort() throws IOException {
    writeAll();
    Path file = directory.resolve(segmentAt(START + MB).fileName());
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 300_000));
    assertThat(check().damages())
        .extracting(Damage::kind, Damage::startLsn, Damage::endLsn)
        .containsExactly(tuple(Kind.SHORT, START + MB + 300_000, START + 2 * MB));
  }

  /// As good in itself as what was there, but not what goes on from the segment before it.
  @Test
  void aSegmentOfAnotherHistoryIsFoundAtItsSeams() throws IOException {
    writeAll();
    WalSegmentName segment = segmentAt(START + 2 * MB);
    SampleWal other = SampleWal.ofBytes(2, 5 * MB);
    Files.write(directory.resolve(segment.fileName()), other.segment(segment, other.endLsn()));
    assertThat(check().damages()).hasSize(2);
  }

  @Test
  void withinWhatIsBeingReceivedTheEndIsToldFromDamage() throws IOException {
    writeAll();
    Path partial = directory.resolve(segmentAt(wal.endLsn()).partialFileName());
    byte[] content = Files.readAllBytes(partial);
    flip(partial, 100_000);
    WalReport report = check();
    assertThat(report.damages())
        .extracting(Damage::fileName)
        .containsExactly(partial.getFileName().toString());
    Arrays.fill(content, 200_000, MB, (byte) 0);
    Files.write(partial, content);
    report = check();
    assertThat(report.isGood()).isTrue();
    assertThat(report.ranges().getFirst().endLsn())
        .isBetween(START + 5 * MB + 200_000 - 40_000L, START + 5 * MB + 200_000L);
  }

  @Test
  void aPartialFileThatDoesNotReachTheNextSegmentLeavesAGap() throws IOException {
    writeAll();
    WalSegmentName segment = segmentAt(START + 2 * MB);
    byte[] content = Files.readAllBytes(directory.resolve(segment.fileName()));
    Files.delete(directory.resolve(segment.fileName()));
    Arrays.fill(content, 400_000, MB, (byte) 0);
    Files.write(directory.resolve(segment.partialFileName()), content);
    WalReport report = check();
    assertThat(report.gaps()).extracting(Gap::endLsn).containsExactly(START + 3 * MB);
  }

  @Test
  void timelinesAreFollowedThroughTheirHistories() throws IOException {
    long forkLsn = recordEndAfter(START + 2 * MB + 300_000);
    SampleWal forked = wal.forkedAt(forkLsn, 2, 9, 6 * MB);
    for (long lsn = START; lsn < START + 2 * MB; lsn += MB) {
      write(segmentAt(lsn).fileName(), wal.segment(segmentAt(lsn), wal.endLsn()));
    }
    WalSegmentName last = segmentAt(START + 2 * MB);
    write(last.partialFileName(), wal.segment(last, forkLsn));
    var second = new TimelineId(2);
    for (long lsn = START + 2 * MB; lsn + MB <= forked.endLsn(); lsn += MB) {
      var segment = WalSegmentName.containing(second, lsn, SampleWal.SEGMENT_SIZE);
      write(segment.fileName(), forked.segment(segment, forked.endLsn()));
    }
    assertThat(check().gaps())
        .extracting(Gap::reason)
        .containsExactly("\"00000002.history\" is missing");
    Files.write(
        directory.resolve("00000002.history"),
        TimelineHistory.ofFirst(TimelineId.FIRST).branch(second, forkLsn, "test").format());
    WalReport report = check();
    assertThat(report.isGood()).as(report.toString()).isTrue();
    assertThat(report.ranges())
        .extracting(Range::timeline, Range::startLsn)
        .containsExactly(tuple(TimelineId.FIRST, START), tuple(second, START + 2 * MB));

    Files.delete(directory.resolve(last.partialFileName()));
    Files.delete(
        directory.resolve(
            WalSegmentName.containing(second, START + 2 * MB, SampleWal.SEGMENT_SIZE).fileName()));
    assertThat(check().gaps())
        .extracting(Gap::timeline, Gap::startLsn)
        .contains(tuple(TimelineId.FIRST, START + 2 * MB));
  }

  /// A server's segments have their names before there is WAL in them.
  @Test
  void recycledSegmentsOfAServerAreNoDamage() throws IOException {
    for (long lsn = START; lsn < wal.endLsn(); lsn += MB) {
      byte[] content =
          lsn < START + 3 * MB
              ? wal.segment(segmentAt(lsn), START + 2 * MB + 500_000)
              : wal.segment(segmentAt(lsn - 3 * MB), wal.endLsn());
      write(segmentAt(lsn).fileName(), content);
    }
    WalReport report = WalCheck.run(directory, true, 2);
    assertThat(report.isGood()).as(report.toString()).isTrue();
    assertThat(report.ranges().getFirst().segments()).isEqualTo(3);
    assertThat(check().isGood()).isFalse();
  }

  @Test
  void aDirectoryWithoutWalIsRefused() {
    assertThatThrownBy(this::check).hasMessageContaining("could not find any WAL file");
  }

  private WalReport check() throws IOException {
    return WalCheck.run(directory, false, 2);
  }

  private void writeAll() throws IOException {
    for (long lsn = START; lsn < wal.endLsn(); lsn += MB) {
      WalSegmentName segment = segmentAt(lsn);
      boolean finished = lsn + MB <= wal.endLsn();
      write(
          finished ? segment.fileName() : segment.partialFileName(),
          wal.segment(segment, wal.endLsn()));
    }
  }

  private void write(String name, byte[] content) throws IOException {
    Files.write(directory.resolve(name), content);
  }

  private void compress(long lsn) throws IOException {
    Path plain = directory.resolve(segmentAt(lsn).fileName());
    var gzip = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(gzip)) {
      out.write(Files.readAllBytes(plain));
    }
    Files.delete(plain);
    write(segmentAt(lsn).fileName() + ".gz", gzip.toByteArray());
  }

  private static void flip(Path file, int offset) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[offset] ^= 0x10;
    Files.write(file, content);
  }

  /// Where a record ends, and the next begins.
  private long recordEndAfter(long lsn) {
    var verifier =
        new org.walstream.wal.record.WalVerifier(
            SampleWal.SEGMENT_SIZE, SampleWal.SYSTEM_IDENTIFIER, TimelineId.FIRST);
    verifier.start(START);
    long at = START;
    while (Lsn.isBefore(verifier.verifiedLsn(), lsn)) {
      assertThat(verifier.feed(at, wal.at(at, 64))).isTrue();
      at += 64;
    }
    return verifier.verifiedLsn();
  }
}
