package org.walstream.store.compress;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.ZipException;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHashFactory;

/// Decompresses LZ4 frames, those of pg_receivewal and of the lz4 tool too, whose blocks refer back
/// to what the blocks before them gave: the Java libraries read only blocks that stand alone.
///
/// ```
/// frame   magic 0x184D2204 | FLG | BD | [content size 8] [dictionary 4] | header checksum 1
///         block ... | end mark 0 (4 bytes) | [content checksum 4]
/// block   size (4 bytes, top bit: stored as it is) | data | [block checksum 4]
/// data    steps: token (high 4 bits literals, low 4 bits match - 4) | [more literal length]
///         | literals | offset 2 | [more match length]        the last step has literals only
/// ```
///
/// A match copies from up to 64 kB before it, so that much is kept in front of the block at hand:
///
/// ```
///   window   │ 64 kB given out before │ what the block gives, up to 4 MB │
///                                     readAt ──▶                 end
/// ```
///
/// Several frames may follow each other. Checksums are checked where there are any. Source: lz4's
/// doc/lz4_Frame_format.md and lz4_Block_format.md. Not thread-safe.
final class Lz4FrameInputStream extends InputStream {

  private static final int MAGIC = 0x184D2204;
  private static final int BLOCK_CHECKSUM = 0x10;
  private static final int CONTENT_SIZE = 0x08;
  private static final int CONTENT_CHECKSUM = 0x04;
  private static final int DICTIONARY = 0x01;
  private static final int SMALLEST_BLOCK_SIZE_CODE = 4;
  private static final int HISTORY = 64 << 10;
  private static final int MIN_MATCH = 4;
  private static final int LENGTH_GOES_ON = 15;

  private final DataInputStream in;
  private final StreamingXXHash32 contentHash = XXHashFactory.safeInstance().newStreamingHash32(0);

  private boolean inFrame;
  private int flags;
  private byte[] window = new byte[0];

  /// Where the frame's first byte that the window still has stands, the next to be given out, and
  /// the end of what there is.
  private int start;

  private int readAt;
  private int end;

  Lz4FrameInputStream(InputStream in) {
    this.in = new DataInputStream(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 1 ? -1 : one[0] & 0xFF;
  }

  /// @throws EOFException if the compressed bytes end within a frame
  /// @throws ZipException if they are not LZ4, or a checksum is wrong
  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    while (readAt == end) {
      if (inFrame) {
        nextBlock();
      } else if (!nextFrame()) {
        return -1;
      }
    }
    int count = Math.min(length, end - readAt);
    System.arraycopy(window, readAt, bytes, offset, count);
    readAt += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /// @return false at the end of the input
  private boolean nextFrame() throws IOException {
    int first = in.read();
    if (first < 0) {
      return false;
    }
    int magic = first | in.readUnsignedByte() << 8 | Short.reverseBytes(in.readShort()) << 16;
    if (magic != MAGIC) {
      throw new ZipException("not an LZ4 frame: magic number %08X".formatted(magic));
    }
    flags = in.readUnsignedByte();
    int blockSizeCode = (in.readUnsignedByte() >>> 4) & 7;
    if ((flags & DICTIONARY) != 0 || blockSizeCode < SMALLEST_BLOCK_SIZE_CODE) {
      throw new ZipException(
          "unsupported LZ4 frame: flags %02X, block size code %d".formatted(flags, blockSizeCode));
    }
    in.skipNBytes(((flags & CONTENT_SIZE) != 0 ? Long.BYTES : 0) + 1);
    window = new byte[HISTORY + (1 << (8 + 2 * blockSizeCode))];
    start = 0;
    readAt = 0;
    end = 0;
    contentHash.reset();
    inFrame = true;
    return true;
  }

  /// Reads a block, or the end of the frame.
  private void nextBlock() throws IOException {
    int header = int32();
    if (header == 0) {
      endFrame();
      return;
    }
    keepHistory();
    int length = header & 0x7FFF_FFFF;
    if (length > window.length - HISTORY) {
      throw new ZipException("LZ4 block of %d bytes is too long".formatted(length));
    }
    byte[] block = in.readNBytes(length);
    if (block.length < length) {
      tornBlock(header, block);
      return;
    }
    if ((flags & BLOCK_CHECKSUM) != 0) {
      int hash = XXHashFactory.safeInstance().hash32().hash(block, 0, block.length, 0);
      requireChecksum("block", hash);
    }
    if (header < 0) {
      System.arraycopy(block, 0, window, end, block.length);
      end += block.length;
    } else {
      decompress(block, false);
    }
    contentHash.update(window, readAt, end - readAt);
  }

  /// Gives out what can be told from the beginning of a block: there may be no more of it for ever.
  private void tornBlock(int header, byte[] block) throws IOException {
    if (header < 0) {
      System.arraycopy(block, 0, window, end, block.length);
      end += block.length;
    } else {
      decompress(block, true);
    }
    if (readAt == end) {
      throw new EOFException("LZ4 frame ends within a block");
    }
  }

  private void endFrame() throws IOException {
    inFrame = false;
    if ((flags & CONTENT_CHECKSUM) != 0) {
      requireChecksum("content", contentHash.getValue());
    }
  }

  private void requireChecksum(String of, int computed) throws IOException {
    int expected = int32();
    if (computed != expected) {
      throw new ZipException(
          "LZ4 %s checksum is %08X, expected %08X".formatted(of, computed, expected));
    }
  }

  /// Moves the last 64 kB to the front of the window, so that a block has room behind them.
  private void keepHistory() {
    int kept = Math.min(end - start, HISTORY);
    System.arraycopy(window, end - kept, window, 0, kept);
    start = 0;
    end = kept;
    readAt = kept;
  }

  /// @param torn true when the block's end is missing: as many of its steps are taken as are there
  /// @throws ZipException if the block's steps lead out of it, before the frame, or beyond the size
  ///   a block may have
  private void decompress(byte[] block, boolean torn) throws ZipException {
    try {
      int at = 0;
      while (at < block.length) {
        int token = block[at++] & 0xFF;
        int literals = token >>> 4;
        if (literals == LENGTH_GOES_ON) {
          int more;
          do {
            more = block[at++] & 0xFF;
            literals += more;
          } while (more == 0xFF);
        }
        if (torn) {
          literals = Math.min(literals, block.length - at);
        }
        System.arraycopy(block, at, window, end, literals);
        at += literals;
        end += literals;
        if (at == block.length) {
          return;
        }
        int offset = (block[at] & 0xFF) | (block[at + 1] & 0xFF) << 8;
        at += 2;
        int match = token & 15;
        if (match == LENGTH_GOES_ON) {
          int more;
          do {
            more = block[at++] & 0xFF;
            match += more;
          } while (more == 0xFF);
        }
        repeat(offset, match + MIN_MATCH);
      }
    } catch (IndexOutOfBoundsException e) {
      if (!torn) {
        throw new ZipException("LZ4 block leads out of its bounds");
      }
    }
  }

  /// Appends `length` bytes from `offset` before the end; the two may overlap, and then repeat.
  private void repeat(int offset, int length) throws ZipException {
    int from = end - offset;
    if (offset == 0 || from < start) {
      throw new ZipException("LZ4 match refers to %d bytes before it".formatted(offset));
    }
    if (offset >= length) {
      System.arraycopy(window, from, window, end, length);
    } else {
      for (int i = 0; i < length; i++) {
        window[end + i] = window[from + i];
      }
    }
    end += length;
  }

  private int int32() throws IOException {
    return Integer.reverseBytes(in.readInt());
  }
}
