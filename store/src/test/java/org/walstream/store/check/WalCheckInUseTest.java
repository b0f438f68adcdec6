package org.walstream.store.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.segmentAt;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.file.FileLayer;
import org.walstream.file.ForwardingFile;
import org.walstream.file.ForwardingFileLayer;
import org.walstream.file.OpenFile;
import org.walstream.store.SampleWal;
import org.walstream.store.check.WalReport.Damage;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.wal.WalSegmentName;

/// A directory that is received into, and cleaned, between any two reads of the check.
class WalCheckInUseTest {

  private static final int MB = 1 << 20;

  @TempDir Path directory;

  private final SampleWal wal = SampleWal.ofBytes(1, 5 * MB + MB / 2);
  private long writtenLsn = START;

  @ParameterizedTest
  @ValueSource(ints = {700, 5_000, 30_000, 200_000})
  void theEndThatMovesIsNoDamage(int mostBytes) throws IOException {
    var random = new SplittableRandom(mostBytes);
    while (writtenLsn < wal.endLsn()) {
      receive(MB / 8);
      WalReport report = check(() -> receive(random.nextInt(mostBytes)));
      assertThat(report.isGood()).as(report.toString()).isTrue();
      assertThat(report.ranges()).hasSize(1);
    }
  }

  /// A record that crosses into the next segment, and has not come to its end there.
  @Test
  void theEndWithinARecordThatCrossesSegmentsIsNoGap() throws IOException {
    for (int segments = 1; segments <= 5; segments++) {
      for (int beyond = 1; beyond < 40_000; beyond += 1499) {
        clear();
        writtenLsn = START;
        receive(segments * MB + beyond);
        WalReport report = check(() -> {});
        assertThat(report.isGood()).as("%d and %d: %s", segments, beyond, report).isTrue();
        assertThat(report.ranges()).hasSize(1);
        assertThat(report.ranges().getFirst().endLsn()).isBetween(writtenLsn - 40_000, writtenLsn);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {700, 5_000, 30_000})
  void damageBehindTheEndThatMovesIsDamage(int mostBytes) throws IOException {
    var random = new SplittableRandom(mostBytes);
    receive(MB + 300_000);
    Path partial = directory.resolve(segmentAt(writtenLsn).partialFileName());
    try (var file = new RandomAccessFile(partial.toFile(), "rw")) {
      file.seek(100_000);
      int wrong = file.read() ^ 0x10;
      file.seek(100_000);
      file.write(wrong);
    }
    WalReport report = check(() -> receive(random.nextInt(mostBytes)));
    assertThat(report.damages()).hasSize(1);
    Damage damage = report.damages().getFirst();
    assertThat(damage.startLsn()).isLessThanOrEqualTo(START + MB + 100_000);
    assertThat(damage.endLsn()).isGreaterThan(START + MB + 100_000);
  }

  /// The oldest segment gives its file to WAL to come, as a server's or a node's does.
  @Test
  void segmentsThatAreUsedAgainAreNeitherDamageNorGap() throws IOException {
    for (int reads = 0; reads < 60; reads++) {
      clear();
      writtenLsn = START;
      receive(5 * MB);
      var reading = new int[] {reads};
      WalReport report =
          check(() -> {
            if (reading[0]-- == 0) {
              useAgain(segmentAt(START));
              useAgain(segmentAt(START + MB));
            }
          });
      assertThat(report.isGood()).as("after %d reads: %s", reads, report).isTrue();
    }
  }

  private void useAgain(WalSegmentName segment) throws IOException {
    Path spare = directory.resolve("." + segmentAt(START + 30 * MB).fileName() + ".next");
    Files.move(
        directory.resolve(segment.fileName()),
        spare,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    try (var file = new RandomAccessFile(spare.toFile(), "rw")) {
      file.write(new byte[MB]);
    }
  }

  private void clear() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  /// Writes what comes next, as a receiver does: from front to back, a segment's file under its
  /// partial name until it is full.
  private void receive(int bytes) throws IOException {
    long until = Math.min(writtenLsn + bytes, wal.endLsn());
    while (writtenLsn < until) {
      WalSegmentName segment = segmentAt(writtenLsn);
      Path partial = directory.resolve(segment.partialFileName());
      long end = Math.min(until, segment.endLsn());
      try (var file = new RandomAccessFile(partial.toFile(), "rw")) {
        file.setLength(MB);
        file.seek(writtenLsn - segment.startLsn());
        ByteBuffer content = wal.at(writtenLsn, (int) (end - writtenLsn));
        byte[] piece = new byte[content.remaining()];
        content.get(piece);
        file.write(piece);
      }
      writtenLsn = end;
      if (end == segment.endLsn()) {
        Files.move(partial, directory.resolve(segment.fileName()));
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private WalReport check(Step beforeEachRead) throws IOException {
    return WalCheck.run(new SegmentDirectory(new BusyFiles(beforeEachRead), directory), false, 1);
  }

  /// Something happens in the directory before each listing and each read.
  private static final class BusyFiles extends ForwardingFileLayer {
    private final Step step;

    BusyFiles(Step step) {
      super(FileLayer.system());
      this.step = step;
    }

    @Override
    public List<String> list(Path path) throws IOException {
      step();
      return super.list(path);
    }

    @Override
    public OpenFile openForReading(Path path) throws IOException {
      step();
      return new ForwardingFile(super.openForReading(path)) {
        @Override
        public int read(ByteBuffer bytes, long offset) throws IOException {
          step();
          return super.read(bytes, offset);
        }
      };
    }

    private synchronized void step() {
      try {
        step.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
