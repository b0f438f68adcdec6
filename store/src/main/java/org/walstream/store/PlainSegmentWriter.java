package org.walstream.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.walstream.file.OpenFile;
import org.walstream.file.Zeros;

/// Writes a segment as it is, into a file that has its full size already.
///
/// A file found after a crash may hold bytes past the end that could be proven: the beginning of a
/// record, or what the kernel saved of a later one. They are not taken for WAL, but they may be all
/// that is left of it, so they stay as long as the stream repeats them. At the first difference the
/// rest of them is zeroed: it must never pass for records of the stream that is now being written.
final class PlainSegmentWriter implements SegmentWriter {

  private static final int CHUNK_BYTES = 64 << 10;

  private final WalDirectory directory;
  private final OpenFile file;

  /// Where the unproven bytes of an earlier life end; 0 when there are none (any more).
  private int staleEnd;

  /// For what is read back; made when a stream repeats itself for the first time.
  private @Nullable ByteBuffer chunk;

  PlainSegmentWriter(WalDirectory directory, OpenFile file, int staleEnd) {
    this.directory = directory;
    this.file = file;
    this.staleEnd = staleEnd;
  }

  @Override
  public void write(ByteBuffer bytes, int offset) throws IOException {
    int end = offset + bytes.remaining();
    if (staleEnd > offset && !repeats(bytes, offset)) {
      Zeros.write(file, Math.min(end, staleEnd), staleEnd);
      staleEnd = 0;
    }
    file.write(bytes, offset);
  }

  private boolean repeats(ByteBuffer bytes, int offset) throws IOException {
    return holds(
        bytes.slice(bytes.position(), Math.min(bytes.remaining(), staleEnd - offset)), offset);
  }

  @Override
  public boolean holds(ByteBuffer bytes, int offset) throws IOException {
    int length = bytes.remaining();
    if (chunk == null) {
      chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    }
    for (int done = 0; done < length; ) {
      chunk.clear().limit(Math.min(chunk.capacity(), length - done));
      int read = file.read(chunk, offset + done);
      if (read < 1 || !chunk.flip().equals(bytes.slice(bytes.position() + done, read))) {
        return false;
      }
      done += read;
    }
    return true;
  }

  @Override
  public void force() throws IOException {
    directory.force(file);
  }

  @Override
  public void complete() throws IOException {
    force();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
