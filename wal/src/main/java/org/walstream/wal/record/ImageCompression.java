package org.walstream.wal.record;

/// How a page image is stored (`wal_compression`).
///
/// Source: BKPIMAGE_COMPRESS_*, src/include/access/xlogrecord.h.
public enum ImageCompression {
  NONE(0, "none"),
  PGLZ(BlockReference.BKPIMAGE_COMPRESS_PGLZ, "pglz"),
  LZ4(BlockReference.BKPIMAGE_COMPRESS_LZ4, "lz4"),
  ZSTD(BlockReference.BKPIMAGE_COMPRESS_ZSTD, "zstd");

  private final int bit;
  private final String label;

  ImageCompression(int bit, String label) {
    this.bit = bit;
    this.label = label;
  }

  static ImageCompression ofImageInfo(int imageInfo) {
    // Tested in PostgreSQL's order: the first bit that is set decides.
    if ((imageInfo & BlockReference.BKPIMAGE_COMPRESSED) == 0) {
      return NONE;
    }
    if ((imageInfo & PGLZ.bit) != 0) {
      return PGLZ;
    }
    return (imageInfo & LZ4.bit) != 0 ? LZ4 : ZSTD;
  }

  /// As pg_waldump prints it.
  public String label() {
    return label;
  }
}
