package org.walstream.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// A file of [DirectFiles]: one descriptor for the cache, one past it.
///
/// Memory whose address is no block's is copied first: a receiver's is.
final class DirectFile extends ForwardingFile {

  private static final int COPY_BYTES = 1 << 20;

  private final FileChannel direct;
  private final int blockBytes;

  /// Where ragged memory is copied to; made when there is some. Guarded by this.
  private @Nullable ByteBuffer copy;

  DirectFile(OpenFile cached, FileChannel direct, int blockBytes) {
    super(cached);
    this.direct = direct;
    this.blockBytes = blockBytes;
  }

  @Override
  public void write(ByteBuffer bytes, long offset) throws IOException {
    int limit = bytes.limit();
    long start = Math.ceilDiv(offset, blockBytes) * blockBytes;
    long end = Math.floorDiv(offset + bytes.remaining(), blockBytes) * blockBytes;
    long at = offset;
    if (start < end) {
      at = writePart(bytes, at, start, false);
      at = writePart(bytes, at, end, true);
    }
    writePart(bytes, at, at + limit - bytes.position(), false);
  }

  private long writePart(ByteBuffer bytes, long from, long to, boolean blocks) throws IOException {
    if (from == to) {
      return to;
    }
    int limit = bytes.limit();
    bytes.limit(bytes.position() + (int) (to - from));
    try {
      if (!blocks) {
        super.write(bytes, from);
      } else if (isAligned(bytes)) {
        writeBlocks(bytes, from);
      } else {
        copyBlocks(bytes, from);
      }
    } finally {
      bytes.limit(limit);
    }
    return to;
  }

  private boolean isAligned(ByteBuffer bytes) {
    return bytes.isDirect() && bytes.alignmentOffset(bytes.position(), blockBytes) == 0;
  }

  private synchronized void copyBlocks(ByteBuffer bytes, long offset) throws IOException {
    ByteBuffer aligned = copy;
    if (aligned == null) {
      aligned = ByteBuffer.allocateDirect(COPY_BYTES + blockBytes).alignedSlice(blockBytes);
      copy = aligned;
    }
    long at = offset;
    while (bytes.hasRemaining()) {
      int length = Math.min(bytes.remaining(), COPY_BYTES);
      aligned.clear().put(bytes.slice(bytes.position(), length)).flip();
      bytes.position(bytes.position() + length);
      writeBlocks(aligned, at);
      at += length;
    }
  }

  /// A write that ends within a block can only be followed through the cache: the rest of a block
  /// cannot be written directly.
  private void writeBlocks(ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      int written = direct.write(bytes, at);
      at += written;
      if (written % blockBytes != 0) {
        super.write(bytes, at);
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      super.close();
    } finally {
      direct.close();
    }
  }
}
