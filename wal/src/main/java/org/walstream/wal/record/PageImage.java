package org.walstream.wal.record;

import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
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
/// One object serves many images, with buffers of its own. Not thread-safe.
///
/// Counterpart of RestoreBlockImage(), src/backend/access/transam/xlogreader.c.
public final class PageImage {

  private final byte[] stored = new byte[PAGE_BYTES];
  private final byte[] raw = new byte[PAGE_BYTES];

  /// Makes its buffers: two pages.
  public PageImage() {}

  /// Makes `page`, of 8192 bytes, what the image of the block of this id says.
  ///
  /// @return null, or why that cannot be done, in PostgreSQL's words; then `page` is as it was
  public @Nullable WalDefect restore(DecodedXLogRecord record, int blockId, byte[] page) {
    BlockReference block = record.hasBlock(blockId) ? record.block(blockId) : null;
    if (block == null) {
      return defect(
          record, "could not restore image at %s with invalid block %d specified", blockId);
    }
    if (!block.hasImage()) {
      return defect(record, "could not restore image at %s with invalid state, block %d", blockId);
    }
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
    int behindHole = block.holeOffset + block.holeLength;
    System.arraycopy(raw, 0, page, 0, block.holeOffset);
    Arrays.fill(page, block.holeOffset, behindHole, (byte) 0);
    System.arraycopy(raw, block.holeOffset, page, behindHole, PAGE_BYTES - behindHole);
    return null;
  }

  /// The decoder has seen that the numbers of an image do not contradict each other, but not that
  /// they make sense for a page.
  private static boolean fits(BlockReference block) {
    return block.imageLength <= PAGE_BYTES
        && block.holeLength >= 0
        && block.holeOffset + block.holeLength <= PAGE_BYTES;
  }

  /// Brings the bytes outside of the hole into `raw`. Unlike PostgreSQL this wants them all,
  /// however they are compressed.
  private boolean unpack(BlockReference block) {
    int length = block.imageLength;
    int rawLength = block.uncompressedImageLength();
    block.image().copy(0, stored, 0, length);
    return switch (block.imageCompression()) {
      case NONE -> {
        System.arraycopy(stored, 0, raw, 0, rawLength);
        yield length == rawLength;
      }
      case PGLZ -> Pglz.decompress(stored, length, raw, rawLength);
      case LZ4 -> Lz4.decompress(stored, length, raw, rawLength);
      case ZSTD -> Zstandard.decompress(stored, length, raw, rawLength);
    };
  }

  private static WalDefect defect(DecodedXLogRecord record, String message, int blockId) {
    return new WalDefect(record.lsn(), message.formatted(Lsn.format(record.lsn()), blockId));
  }

  /// In a class of its own, as the other library is: loaded with the first image that needs it.
  private static final class Lz4 {

    private static final LZ4SafeDecompressor DECOMPRESSOR =
        LZ4Factory.safeInstance().safeDecompressor();

    static boolean decompress(byte[] from, int length, byte[] into, int intoLength) {
      try {
        return DECOMPRESSOR.decompress(from, 0, length, into, 0, intoLength) == intoLength;
      } catch (LZ4Exception _) {
        return false;
      }
    }
  }

  private static final class Zstandard {

    static boolean decompress(byte[] from, int length, byte[] into, int intoLength) {
      try {
        return Zstd.decompressByteArray(into, 0, intoLength, from, 0, length) == intoLength;
      } catch (ZstdException _) {
        return false;
      }
    }
  }
}
