package org.walstream.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.walstream.file.NoSpaceException;
import org.walstream.file.OpenFile;
import org.walstream.file.Zeros;
import org.walstream.store.segment.SegmentFile;
import org.walstream.store.segment.SegmentFileName;
import org.walstream.store.segment.SegmentFileName.Stage;
import org.walstream.wal.WalSegmentName;

/// Makes the file of a segment to come, at its first stage.
final class SegmentMaker {

  /// Slower than a segment in so long, most of the time is spent waiting for commits, not for
  /// bytes.
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final WalDirectory directory;
  private final StoreOptions options;
  private final SpareSegments spares;
  private final LongSupplier nanoTime;

  /// When the last segment was made; only the preparer's thread makes segments.
  private long madeNanos;

  private boolean isSlow;

  SegmentMaker(
      WalDirectory directory, StoreOptions options, SpareSegments spares, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.directory = directory;
    this.options = options;
    this.spares = spares;
  }

  /// @throws NoSpaceException if the disk is full; what was made of the file is gone again
  OpenSegment make(WalSegmentName segment) throws IOException {
    long now = nanoTime.getAsLong();
    isSlow = madeNanos != 0 && now - madeNanos > SLOW_NANOS;
    madeNanos = now;
    SegmentFileName name = new SegmentFileName(segment, options.compression().method(), Stage.NEXT);
    Path path = directory.resolve(name);
    directory.files().delete(path);
    boolean recycled = name.isPlain() && spares.take(segment.segmentSize(), path);
    OpenFile file = recycled ? directory.files().open(path) : directory.files().create(path);
    try {
      return OpenSegment.made(name, writer(name, path, file, recycled), replacedBytes(name));
    } catch (IOException e) {
      file.close();
      directory.files().delete(path);
      throw NoSpaceException.told(e);
    }
  }

  private SegmentWriter writer(SegmentFileName name, Path path, OpenFile file, boolean recycled)
      throws IOException {
    if (!name.isPlain()) {
      return CompressedSegmentWriter.begin(directory, options.compression(), file);
    }
    reserve(path, file, name.segment().segmentSize().bytes(), recycled);
    return new PlainSegmentWriter(directory, file, 0);
  }

  /// How much of the segment a compressed file of an earlier life holds. It cannot be continued,
  /// but it may be all there is of that WAL until the new one has come as far.
  private long replacedBytes(SegmentFileName name) throws IOException {
    Path earlier = directory.resolve(name.at(Stage.PARTIAL));
    return !name.isPlain() && directory.files().exists(earlier)
        ? SegmentFile.sizeOfPartial(directory.files(), earlier, name.method())
        : 0;
  }

  /// Gives the file its storage, and its size for good: what is called `.partial` and is shorter,
  /// after a loss of power, would be refused, as pg_receivewal refuses it.
  ///
  /// Where COMMITs wait for each fsync, and where the stream is slow, the zeros are really written:
  /// an fsync of a little WAL then has only that to write, where after a mere reservation it has to
  /// note as well which blocks are in use now. In bulk a reservation costs nothing, and zeros would
  /// be half of all writing.
  private void reserve(Path path, OpenFile file, int bytes, boolean recycled) throws IOException {
    if (!recycled) {
      directory.files().reserve(path, bytes);
    }
    boolean filled = options.synchronous() || isSlow;
    if (recycled || filled) {
      Zeros.write(file, 0, bytes);
    }
    if (filled || !recycled) {
      directory.force(file);
    }
  }

  /// Takes away a file that was made and not used.
  void discard(OpenSegment unused) throws IOException {
    unused.close(directory);
  }
}
