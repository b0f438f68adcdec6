package org.walstream.wal.record;

import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;

/// One page that a record changes or restores.
///
/// ```
/// offset  bytes  block header                  (integers little-endian, unaligned)
///      0      1  id           0..32
///      1      1  fork_flags   low four bits: fork; 0x10 has image, 0x20 has data,
///                             0x40 will init, 0x80 same relation as the block before
///      2      2  data_length
///   then, if it has an image:
///      +      2  length       bytes of the image as stored
///      +      2  hole_offset
///      +      1  bimg_info    0x01 has hole, 0x02 apply, 0x04 pglz, 0x08 lz4, 0x10 zstd
///      +      2  hole_length  only if compressed and with a hole
///   then, unless it is the same relation's:
///      +     12  RelFileLocator
///   then:
///      +      4  block number
/// ```
///
/// The image and then the data follow after all headers, in the order of the blocks.
///
/// Counterpart of DecodedBkpBlock, src/include/access/xlogreader.h, and of XLogRecordBlockHeader,
/// src/include/access/xlogrecord.h. Valid as long as its record is.
public final class BlockReference {

  public static final int BKPBLOCK_FORK_MASK = 0x0F;
  public static final int BKPBLOCK_HAS_IMAGE = 0x10;
  public static final int BKPBLOCK_HAS_DATA = 0x20;
  public static final int BKPBLOCK_WILL_INIT = 0x40;
  public static final int BKPBLOCK_SAME_REL = 0x80;

  public static final int BKPIMAGE_HAS_HOLE = 0x01;
  public static final int BKPIMAGE_APPLY = 0x02;
  public static final int BKPIMAGE_COMPRESS_PGLZ = 0x04;
  public static final int BKPIMAGE_COMPRESS_LZ4 = 0x08;
  public static final int BKPIMAGE_COMPRESS_ZSTD = 0x10;

  /// Any of the ways to compress (BKPIMAGE_COMPRESSED()).
  static final int BKPIMAGE_COMPRESSED =
      BKPIMAGE_COMPRESS_PGLZ | BKPIMAGE_COMPRESS_LZ4 | BKPIMAGE_COMPRESS_ZSTD;

  private final int id;
  private final RecordBytes image = new RecordBytes();
  private final RecordBytes data = new RecordBytes();

  // Written by the decoder alone.
  boolean inUse;
  int forkFlags;
  int spcOid;
  int dbOid;
  int relNumber;
  int blockNumber;
  int imageLength;
  int imageInfo;
  int holeOffset;
  int holeLength;
  int dataLength;

  BlockReference(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  /// False for an id that the record skips.
  public boolean inUse() {
    return inUse;
  }

  public int spcOid() {
    return spcOid;
  }

  public int dbOid() {
    return dbOid;
  }

  public int relNumber() {
    return relNumber;
  }

  /// The three numbers as a value, made anew.
  public RelFileLocator locator() {
    return new RelFileLocator(spcOid, dbOid, relNumber);
  }

  /// 0 to 15; PostgreSQL knows 0 to 3, see [ForkNumber].
  public int forkNumber() {
    return forkFlags & BKPBLOCK_FORK_MASK;
  }

  /// Unsigned.
  public int blockNumber() {
    return blockNumber;
  }

  /// All eight bits of `fork_flags`.
  public int forkFlags() {
    return forkFlags;
  }

  /// True when redo makes the page anew (BKPBLOCK_WILL_INIT).
  public boolean willInit() {
    return (forkFlags & BKPBLOCK_WILL_INIT) != 0;
  }

  public boolean hasImage() {
    return (forkFlags & BKPBLOCK_HAS_IMAGE) != 0;
  }

  /// True when the image is to be restored, false when it is there for wal_consistency_checking.
  public boolean appliesImage() {
    return (imageInfo & BKPIMAGE_APPLY) != 0;
  }

  public boolean hasData() {
    return (forkFlags & BKPBLOCK_HAS_DATA) != 0;
  }

  /// The image as stored, compressed and without its hole; see [PageImage]. Empty without one.
  public RecordBytes image() {
    return image;
  }

  /// The `bimg_info` bits; 0 without an image.
  public int imageInfo() {
    return imageInfo;
  }

  public boolean isImageCompressed() {
    return (imageInfo & BKPIMAGE_COMPRESSED) != 0;
  }

  /// How the image is compressed; [ImageCompression#NONE] when it is not.
  public ImageCompression imageCompression() {
    return ImageCompression.ofImageInfo(imageInfo);
  }

  /// Where the zeros stand in the page that the image leaves out.
  public int holeOffset() {
    return holeOffset;
  }

  public int holeLength() {
    return holeLength;
  }

  /// Bytes of the page that compression had to deal with: all but the hole.
  public int uncompressedImageLength() {
    return PAGE_BYTES - holeLength;
  }

  /// What the resource manager stored for this block; empty when it stored nothing.
  public RecordBytes data() {
    return data;
  }

  void reset() {
    inUse = false;
    forkFlags = 0;
    imageLength = 0;
    imageInfo = 0;
    holeOffset = 0;
    holeLength = 0;
    dataLength = 0;
    image.clear();
    data.clear();
  }
}
