package org.walstream.store.segment;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.record.WalSegmentSource;

/// The segments of a directory for one reader: the file read last stays open. One thread.
///
/// A compressed file that is still being received has no zeros behind its WAL, as a plain one has;
/// here it reads as if it had, so that of its last page too every byte that is there is read.
public final class SegmentReader implements WalSegmentSource, Closeable {

  /// Finds the file that shall be read for a segment; null when there is none.
  @FunctionalInterface
  interface Finder {
    @Nullable SegmentFileName find(WalSegmentName segment);
  }

  private final SegmentDirectory directory;
  private final Finder finder;

  private @Nullable WalSegmentName openSegment;
  private @Nullable SegmentFile openFile;

  /// Up to where zeros follow what the file gives; 0 when it says itself where it ends.
  private int zerosEnd;

  /// Reads whatever is there of a segment.
  public SegmentReader(SegmentDirectory directory) {
    this(directory, directory::find);
  }

  /// Reads finished segments alone.
  public static SegmentReader ofFinished(SegmentDirectory directory) {
    return new SegmentReader(directory, directory::findFinished);
  }

  SegmentReader(SegmentDirectory directory, Finder finder) {
    this.directory = directory;
    this.finder = finder;
  }

  @Override
  public int read(WalSegmentName segment, int offset, ByteBuffer into) throws IOException {
    SegmentFile file = openFile;
    if (file == null || !segment.equals(openSegment)) {
      close();
      file = open(segment);
      openFile = file;
      openSegment = segment;
    }
    return file == null ? ABSENT : read(file, offset, into);
  }

  private int read(SegmentFile file, int offset, ByteBuffer into) throws IOException {
    int start = into.position();
    int read = file.read(offset, into);
    for (int at = offset + read; at < zerosEnd && into.hasRemaining(); at++) {
      into.put((byte) 0);
    }
    return into.position() - start;
  }

  private @Nullable SegmentFile open(WalSegmentName segment) throws IOException {
    for (int look = 0; look < 2; look++) { // it may just be getting its next name
      SegmentFileName name = finder.find(segment);
      SegmentFile file = name == null ? null : directory.open(name);
      if (name != null && file != null) {
        boolean endsEarly = !name.isPlain() && !name.isFinished();
        zerosEnd = endsEarly ? segment.segmentSize().bytes() : 0;
        return file;
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    SegmentFile file = openFile;
    openFile = null;
    openSegment = null;
    if (file != null) {
      file.close();
    }
  }
}
