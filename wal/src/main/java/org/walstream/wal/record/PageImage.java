package org.walstream.wal.record;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;

/// Makes whole pages of the images that records keep of them.
///
/// ```
///  stored      [ before the hole | behind it ]      compressed, or not
///  page        [ before the hole | 0 0 0 0 0 0 | behind it ]
///              0             hole_offset   + hole_length    8192
/// ```
///
/// An image that is not compressed is copied once, straight from the record into the page. One
/// object serves many images; for those that are compressed it has a page's buffer. Not
/// thread-safe.
///
/// Counterpart of RestoreBlockImage(), src/backend/access/transam/xlogreader.c.
public final class PageImage {

  /// What compression had to deal with: the page without its hole.
  private final byte[] unpacked = new byte[PAGE_BYTES];

  /// Makes its buffer: one page.
  public PageImage() {}

  /// Makes the 8192 bytes at `at` of `page` what the image of the block of this id says, with zeros
  /// in the hole.
  ///
  /// @return null, or why that cannot be done, in PostgreSQL's words; then `page` is as it was
  /// @throws IndexOutOfBoundsException if `page` has no such bytes
  public @Nullable WalDefect restoreInto(
      DecodedXLogRecord record, int blockId, MemorySegment page, long at) {
    BlockReference block = record.hasBlock(blockId) ? record.block(blockId) : null;
    if (block == null) {
      return defect(
          record, "could not restore image at %s with invalid block %d specified", blockId);
    }
    if (!block.hasImage()) {
      return defect(record, "could not restore image at %s with invalid state, block %d", blockId);
    }
    Objects.checkFromIndexSize(at, PAGE_BYTES, page.byteSize());
    try {
      if (!fits(block) || !unpack(block)) {
        return defect(record, "could not decompress image at %s, block %d", blockId);
      }
    } catch (LinkageError missing) {
      String method = block.imageCompression() == ImageCompression.LZ4 ? "LZ4" : "zstd";
      return defect(
          record,
          "could not restore image at %s compressed with "
              + method
              + " not supported by build, block %d",
          blockId);
    }
    if (block.isImageCompressed()) {
      place(unpacked, 0, block, page, at);
    } else {
      place(block.image().array(), block.image().arrayOffset(), block, page, at);
    }
    return null;
  }

  /// The same for a page in an array of its own.
  public @Nullable WalDefect restore(DecodedXLogRecord record, int blockId, byte[] page) {
    return restoreInto(record, blockId, MemorySegment.ofArray(page), 0);
  }

  /// The decoder has seen that the numbers of an image do not contradict each other, but not that
  /// they make sense for a page.
  private static boolean fits(BlockReference block) {
    return block.imageLength <= PAGE_BYTES
        && block.holeLength >= 0
        && block.holeOffset + block.holeLength <= PAGE_BYTES;
  }

  /// Brings the bytes outside of the hole into `unpacked`, if they are not at hand as they are.
  /// Unlike PostgreSQL this wants them all, however they are compressed.
  private boolean unpack(BlockReference block) {
    byte[] from = block.image().array();
    int start = block.image().arrayOffset();
    int length = block.imageLength;
    int wanted = block.uncompressedImageLength();
    return switch (block.imageCompression()) {
      case NONE -> length == wanted;
      case PGLZ -> Pglz.decompress(from, start, length, unpacked, wanted);
      case LZ4 -> Lz4.decompress(from, start, length, unpacked, wanted);
      case ZSTD -> Zstandard.decompress(from, start, length, unpacked, wanted);
    };
  }

  /// @param bytes has the page without its hole from `start` on
  private static void place(
      byte[] bytes, int start, BlockReference block, MemorySegment page, long at) {
    int hole = block.holeOffset;
    int behindHole = hole + block.holeLength;
    int rest = PAGE_BYTES - behindHole;
    MemorySegment.copy(bytes, start, page, JAVA_BYTE, at, hole);
    page.asSlice(at + hole, block.holeLength).fill((byte) 0);
    MemorySegment.copy(bytes, start + hole, page, JAVA_BYTE, at + behindHole, rest);
  }

  private static WalDefect defect(DecodedXLogRecord record, String message, int blockId) {
    return new WalDefect(record.lsn(), message.formatted(Lsn.format(record.lsn()), blockId));
  }

  /// In a class of its own, as the other library is: loaded with the first image that needs it.
  private static final class Lz4 {

    private static final LZ4SafeDecompressor DECOMPRESSOR =
        LZ4Factory.safeInstance().safeDecompressor();

    static boolean decompress(byte[] from, int start, int length, byte[] into, int intoLength) {
      try {
        return DECOMPRESSOR.decompress(from, start, length, into, 0, intoLength) == intoLength;
      } catch (LZ4Exception _) {
        return false;
      }
    }
  }

  private static final class Zstandard {

    static boolean decompress(byte[] from, int start, int length, byte[] into, int intoLength) {
      try {
        return Zstd.decompressByteArray(into, 0, intoLength, from, start, length) == intoLength;
      } catch (ZstdException _) {
        return false;
      }
    }
  }
}
