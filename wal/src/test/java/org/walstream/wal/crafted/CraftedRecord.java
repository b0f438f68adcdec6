package org.walstream.wal.crafted;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordDecoder;
import org.walstream.wal.record.WalDefect;

/// One record to order, taken apart: for tests of what records mean.
///
/// The integers that are added are the main data's.
public final class CraftedRecord {

  private static final int DATA_LONG = 254;
  private static final int ORIGIN = 253;

  private static final int COMPRESSED =
      BlockReference.BKPIMAGE_COMPRESS_PGLZ
          | BlockReference.BKPIMAGE_COMPRESS_LZ4
          | BlockReference.BKPIMAGE_COMPRESS_ZSTD;

  private final WalFormat format;
  private final int rmgrId;
  private final int info;
  private final ByteArrayOutputStream headers = new ByteArrayOutputStream();
  private final ByteArrayOutputStream blockData = new ByteArrayOutputStream();
  private final ByteArrayOutputStream main = new ByteArrayOutputStream();

  private CraftedRecord(WalFormat format, int rmgrId, int info) {
    this.format = format;
    this.rmgrId = rmgrId;
    this.info = info;
  }

  public static CraftedRecord of(WalFormat format, int rmgrId, int info) {
    return new CraftedRecord(format, rmgrId, info);
  }

  public CraftedRecord u8(int value) {
    main.write(value);
    return this;
  }

  public CraftedRecord u16(int value) {
    return bytes(littleEndian(2).putShort((short) value).array());
  }

  public CraftedRecord i32(int... values) {
    for (int value : values) {
      bytes(littleEndian(4).putInt(value).array());
    }
    return this;
  }

  public CraftedRecord i64(long value) {
    return bytes(littleEndian(8).putLong(value).array());
  }

  /// The text and a zero byte, filled up with zeros to `length` bytes.
  public CraftedRecord text(String text, int length) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    return bytes(encoded).zeros(length - encoded.length);
  }

  public CraftedRecord zeros(int count) {
    return bytes(new byte[count]);
  }

  public CraftedRecord bytes(byte[] bytes) {
    main.writeBytes(bytes);
    return this;
  }

  /// Adds main data up to a multiple of 8.
  public CraftedRecord align() {
    return zeros(-main.size() & 7);
  }

  public CraftedRecord origin(int origin) {
    headers.write(ORIGIN);
    headers.writeBytes(littleEndian(2).putShort((short) origin).array());
    return this;
  }

  /// A block of relation 1663/5/16384.
  public CraftedRecord block(int id, int fork, int blockNumber, byte[] data) {
    return block(id, fork, blockNumber, data, new byte[0], new byte[0]);
  }

  /// A block with an image of zeros.
  ///
  /// @param holeLength told apart only by a compressed image; 0 without a hole
  public CraftedRecord image(
      int id,
      int fork,
      int blockNumber,
      int imageInfo,
      int imageLength,
      int holeOffset,
      int holeLength) {
    return image(id, fork, blockNumber, imageInfo, new byte[imageLength], holeOffset, holeLength);
  }

  /// A block with this image, as stored.
  public CraftedRecord image(
      int id,
      int fork,
      int blockNumber,
      int imageInfo,
      byte[] image,
      int holeOffset,
      int holeLength) {
    boolean compressed = (imageInfo & COMPRESSED) != 0;
    boolean tellsHole = compressed && (imageInfo & BlockReference.BKPIMAGE_HAS_HOLE) != 0;
    byte[] imageHeader = new byte[tellsHole ? 7 : 5];
    var header = ByteBuffer.wrap(imageHeader).order(ByteOrder.LITTLE_ENDIAN);
    header.putShort((short) image.length).putShort((short) holeOffset).put((byte) imageInfo);
    if (tellsHole) {
      header.putShort((short) holeLength);
    }
    return block(id, fork, blockNumber, new byte[0], imageHeader, image);
  }

  private CraftedRecord block(
      int id, int fork, int blockNumber, byte[] data, byte[] imageHeader, byte[] image) {
    int flags =
        fork
            | (data.length > 0 ? BlockReference.BKPBLOCK_HAS_DATA : 0)
            | (imageHeader.length > 0 ? BlockReference.BKPBLOCK_HAS_IMAGE : 0);
    headers.write(id);
    headers.write(flags);
    headers.writeBytes(littleEndian(2).putShort((short) data.length).array());
    headers.writeBytes(imageHeader);
    headers.writeBytes(
        littleEndian(16).putInt(1663).putInt(5).putInt(16384).putInt(blockNumber).array());
    blockData.writeBytes(image);
    blockData.writeBytes(data);
    return this;
  }

  /// The record as a reader would give it, at 0/1000028.
  public DecodedXLogRecord decoded() {
    int mainHeader = main.size() > 0 ? 5 : 0;
    int length = 24 + headers.size() + mainHeader + blockData.size() + main.size();
    byte[] record = new byte[length];
    var bytes = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(length).putInt(700).putLong(0x1000000).put((byte) info).put((byte) rmgrId);
    bytes.position(24).put(headers.toByteArray());
    if (mainHeader > 0) {
      bytes.put((byte) DATA_LONG).putInt(main.size());
    }
    bytes.put(blockData.toByteArray()).put(main.toByteArray());
    return decoded(format, record);
  }

  /// The record that `bytes` are, whoever made it, as a reader would give it, at 0/1000028.
  public static DecodedXLogRecord decoded(WalFormat format, byte[] bytes) {
    var record = new DecodedXLogRecord();
    long lsn = 0x1000028;
    long endLsn = lsn + (bytes.length + 7 & -8);
    WalDefect wrong = new RecordDecoder().decode(bytes, 0, lsn, endLsn, format, record);
    if (wrong != null) {
      throw new IllegalStateException(wrong.message());
    }
    return record;
  }

  private static ByteBuffer littleEndian(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
