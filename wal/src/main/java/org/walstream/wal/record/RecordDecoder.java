package org.walstream.wal.record;

import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalFormat;

/// Takes records apart, into an object that its caller owns. The layouts are drawn at
/// [DecodedXLogRecord] and [BlockReference].
///
/// It allocates nothing, and keeps nothing from one record to the next. Not thread-safe: who
/// decodes on several threads has a decoder on each.
///
/// Counterpart of DecodeXLogRecord(), src/backend/access/transam/xlogreader.c; the order of its
/// checks decides which of several defects is named.
public final class RecordDecoder {

  /// XLR_BLOCK_ID_TOPLEVEL_XID, XLR_BLOCK_ID_ORIGIN, XLR_BLOCK_ID_DATA_LONG,
  /// XLR_BLOCK_ID_DATA_SHORT: what stands where a block's id could.
  private static final int TOPLEVEL_XID = 252;

  private static final int ORIGIN = 253;
  private static final int DATA_LONG = 254;
  private static final int DATA_SHORT = 255;

  /// What is being filled in.
  private DecodedXLogRecord record = new DecodedXLogRecord();

  private byte[] bytes = {};

  /// Where the next header stands, and where the record ends.
  private int at;

  private int end;

  /// What the headers so far say is to follow them.
  private long announced;

  private int mainLength;

  /// The last block whose relation was given: what "the same" refers to.
  private @Nullable BlockReference latestRelation;

  public RecordDecoder() {}

  /// Decodes the record that stands whole, without page headers, and with a right CRC, at `start`
  /// of `source`: [RecordReader] has seen to that, and [RecordBatch] keeps it.
  ///
  /// @param lsn where it starts in WAL
  /// @param endLsn where it ends; see [DecodedXLogRecord#endLsn]
  /// @param format the version that wrote it
  /// @param into becomes this record; its bytes are read where they stand
  /// @return null, or what is wrong with it, in PostgreSQL's words
  public @Nullable WalDefect decode(
      byte[] source, int start, long lsn, long endLsn, WalFormat format, DecodedXLogRecord into) {
    record = into;
    record.format = format;
    record.lsn = lsn;
    record.endLsn = endLsn;
    String wrong = decode(source, start);
    return wrong == null ? null : new WalDefect(lsn, wrong);
  }

  private @Nullable String decode(byte[] source, int start) {
    record.begin(source, start);
    bytes = source;
    at = start + XLogRecordHeader.LENGTH;
    end = start + record.totalLength;
    announced = 0;
    mainLength = 0;
    latestRelation = null;
    // What is left when only the announced data is left is that data: no header says "no more".
    while (end - at > announced) {
      String wrong = header();
      if (wrong != null) {
        return wrong;
      }
    }
    if (end - at != announced) {
      return tooShort();
    }
    placeData();
    return null;
  }

  private @Nullable String header() {
    int id = bytes[at++] & 0xFF;
    switch (id) {
      case DATA_SHORT -> {
        if (left() < 1) {
          return tooShort();
        }
        return mainData(bytes[at++] & 0xFF);
      }
      case DATA_LONG -> {
        if (left() < 4) {
          return tooShort();
        }
        at += 4;
        return mainData(Integer.toUnsignedLong(LittleEndian.i32(bytes, at - 4)));
      }
      case ORIGIN -> {
        if (left() < 2) {
          return tooShort();
        }
        record.origin = LittleEndian.u16(bytes, at);
        at += 2;
        return null;
      }
      case TOPLEVEL_XID -> {
        if (left() < 4) {
          return tooShort();
        }
        record.toplevelXid = LittleEndian.i32(bytes, at);
        at += 4;
        return null;
      }
      default -> {
        return id <= DecodedXLogRecord.MAX_BLOCK_ID
            ? blockHeader(id)
            : "invalid block_id %d at %s".formatted(id, where());
      }
    }
  }

  /// The main data's header is the last one.
  private @Nullable String mainData(long length) {
    announced += length;
    if (end - at != announced) {
      return tooShort();
    }
    mainLength = (int) length;
    return null;
  }

  private @Nullable String blockHeader(int id) {
    if (id <= record.maxBlockId) {
      return "out-of-order block_id %d at %s".formatted(id, where());
    }
    if (left() < 3) {
      return tooShort();
    }
    record.maxBlockId = id; // it, and those skipped, are as DecodedXLogRecord.begin left them
    BlockReference block = record.block(id);
    block.inUse = true;
    block.forkFlags = bytes[at] & 0xFF;
    block.dataLength = LittleEndian.u16(bytes, at + 1);
    at += 3;
    if (block.hasData() != block.dataLength > 0) {
      return block.hasData()
          ? "BKPBLOCK_HAS_DATA set, but no data included at " + where()
          : "BKPBLOCK_HAS_DATA not set, but data length is %d at %s"
              .formatted(block.dataLength, where());
    }
    announced += block.dataLength;
    String wrong = block.hasImage() ? imageHeader(block) : null;
    return wrong != null ? wrong : location(block);
  }

  private @Nullable String imageHeader(BlockReference block) {
    if (left() < 5) {
      return tooShort();
    }
    block.imageLength = LittleEndian.u16(bytes, at);
    block.holeOffset = LittleEndian.u16(bytes, at + 2);
    block.imageInfo = bytes[at + 4] & 0xFF;
    at += 5;
    announced += block.imageLength;
    boolean hasHole = (block.imageInfo & BlockReference.BKPIMAGE_HAS_HOLE) != 0;
    if (!block.isImageCompressed()) {
      block.holeLength = PAGE_BYTES - block.imageLength;
    } else if (hasHole) {
      if (left() < 2) {
        return tooShort();
      }
      block.holeLength = LittleEndian.u16(bytes, at);
      at += 2;
    }
    return checkImage(block, hasHole);
  }

  private @Nullable String checkImage(BlockReference block, boolean hasHole) {
    int length = block.imageLength;
    if (hasHole && (block.holeOffset == 0 || block.holeLength == 0 || length == PAGE_BYTES)) {
      return "BKPIMAGE_HAS_HOLE set, but hole offset %d length %d block image length %d at %s"
          .formatted(block.holeOffset, block.holeLength, length, where());
    }
    if (!hasHole && (block.holeOffset != 0 || block.holeLength != 0)) {
      return "BKPIMAGE_HAS_HOLE not set, but hole offset %d length %d at %s"
          .formatted(block.holeOffset, block.holeLength, where());
    }
    if (block.isImageCompressed() && length == PAGE_BYTES) {
      return "BKPIMAGE_COMPRESSED set, but block image length %d at %s".formatted(length, where());
    }
    if (!hasHole && !block.isImageCompressed() && length != PAGE_BYTES) {
      return ("neither BKPIMAGE_HAS_HOLE nor BKPIMAGE_COMPRESSED set, but block image length is %d"
              + " at %s")
          .formatted(length, where());
    }
    return null;
  }

  private @Nullable String location(BlockReference block) {
    boolean sameRelation = (block.forkFlags & BlockReference.BKPBLOCK_SAME_REL) != 0;
    if (!sameRelation) {
      if (left() < RelFileLocator.LENGTH) {
        return tooShort();
      }
      block.spcOid = LittleEndian.i32(bytes, at);
      block.dbOid = LittleEndian.i32(bytes, at + 4);
      block.relNumber = LittleEndian.i32(bytes, at + 8);
      at += RelFileLocator.LENGTH;
      latestRelation = block;
    } else if (latestRelation == null) {
      return "BKPBLOCK_SAME_REL set but no previous rel at " + where();
    } else {
      block.spcOid = latestRelation.spcOid;
      block.dbOid = latestRelation.dbOid;
      block.relNumber = latestRelation.relNumber;
    }
    if (left() < 4) {
      return tooShort();
    }
    block.blockNumber = LittleEndian.i32(bytes, at);
    at += 4;
    return null;
  }

  private void placeData() {
    for (int id = 0; id <= record.maxBlockId; id++) {
      BlockReference block = record.block(id);
      if (block.inUse()) {
        block.image().set(bytes, at, block.imageLength);
        at += block.imageLength;
        block.data().set(bytes, at, block.dataLength);
        at += block.dataLength;
      }
    }
    record.main().set(bytes, at, mainLength);
  }

  private int left() {
    return end - at;
  }

  private String tooShort() {
    return "record with invalid length at " + where();
  }

  private String where() {
    return Lsn.format(record.lsn);
  }
}
