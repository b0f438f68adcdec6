package org.walstream.store;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// The uncompressed size of LZ4 frames, found without decompressing them: pg_receivewal writes
/// blocks that refer back to the block before, which the Java libraries do not read, but the length
/// of what each step of a block stands for is in plain sight.
///
/// ```
/// frame   magic 0x184D2204 | FLG | BD | [content size 8] [dictionary 4] | header checksum 1
///         block ... | end mark 0 (4 bytes) | [content checksum 4]
/// block   size (4 bytes, top bit: stored as it is) | data | [block checksum 4]
/// data    steps: token (high 4 bits literals, low 4 bits match - 4) | [more literal length]
///         | literals | offset 2 | [more match length]        the last step has literals only
/// ```
///
/// Source: lz4's doc/lz4_Frame_format.md and lz4_Block_format.md.
final class Lz4FrameSize {

  private static final int MAGIC = 0x184D2204;
  private static final int BLOCK_CHECKSUM = 0x10;
  private static final int CONTENT_SIZE = 0x08;
  private static final int CONTENT_CHECKSUM = 0x04;
  private static final int DICTIONARY = 0x01;
  private static final int BLOCK_BYTES_MAX = 4 << 20;
  private static final int MIN_MATCH = 4;
  private static final int LENGTH_GOES_ON = 15;

  private final DataInputStream in;
  private long size;

  private Lz4FrameSize(InputStream in) {
    this.in = new DataInputStream(in);
  }

  /// Counts up to the end, or to the first block that is torn or not LZ4.
  static long of(InputStream in) throws IOException {
    var counter = new Lz4FrameSize(in);
    try {
      while (counter.frame()) {
        // frames may follow each other
      }
    } catch (EOFException | IndexOutOfBoundsException e) {
      return counter.size;
    }
    return counter.size;
  }

  private boolean frame() throws IOException {
    if (int32() != MAGIC) {
      return false;
    }
    int flags = in.readUnsignedByte();
    int rest = 1 + ((flags & CONTENT_SIZE) != 0 ? 8 : 0) + ((flags & DICTIONARY) != 0 ? 4 : 0) + 1;
    in.skipNBytes(rest);
    for (int header = int32(); header != 0; header = int32()) {
      int length = header & 0x7FFF_FFFF;
      if (length > BLOCK_BYTES_MAX) {
        return false;
      }
      byte[] block = in.readNBytes(length);
      if (block.length < length) {
        return false;
      }
      size += header < 0 ? length : uncompressed(block);
      if ((flags & BLOCK_CHECKSUM) != 0) {
        in.skipNBytes(4);
      }
    }
    if ((flags & CONTENT_CHECKSUM) != 0) {
      in.skipNBytes(4);
    }
    return true;
  }

  /// @throws IndexOutOfBoundsException if the block's steps lead out of it
  private static long uncompressed(byte[] block) {
    long size = 0;
    int at = 0;
    while (at < block.length) {
      int token = block[at++] & 0xFF;
      int literals = token >>> 4;
      if (literals == LENGTH_GOES_ON) {
        int more;
        do {
          more = block[at++] & 0xFF;
          literals += more;
        } while (more == 255);
      }
      size += literals;
      at += literals;
      if (at >= block.length) {
        return size;
      }
      at += 2;
      int match = token & 15;
      if (match == LENGTH_GOES_ON) {
        int more;
        do {
          more = block[at++] & 0xFF;
          match += more;
        } while (more == 255);
      }
      size += match + MIN_MATCH;
    }
    return size;
  }

  private int int32() throws IOException {
    return Integer.reverseBytes(in.readInt());
  }
}
