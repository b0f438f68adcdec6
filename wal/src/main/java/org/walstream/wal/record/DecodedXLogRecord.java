package org.walstream.wal.record;

import org.walstream.wal.WalFormat;

/// A record taken apart: its header, the blocks it refers to, and its main data, all read where
/// they stand.
///
/// ```
/// ┌────────┬───────────────┬─────────────┬────────┬─────────────────────┬───────────┐
/// │ header │ block headers │ origin, top │ 0xFF n │ images and data of  │ main data │
/// │ 24     │               │ xid, if any │        │ block 0, 1, …       │ n bytes   │
/// └────────┴───────────────┴─────────────┴────────┴─────────────────────┴───────────┘
/// ```
///
/// One object serves many records. Of a reader's it is valid, as is every view taken from it, until
/// the reader reads on; who decodes for himself ([RecordDecoder]) makes his own, and it is valid
/// until he decodes the next, as long as the bytes stay where they are. Not thread-safe.
///
/// Counterpart of DecodedXLogRecord, src/include/access/xlogreader.h.
public final class DecodedXLogRecord implements ReadResult {

  /// XLR_MAX_BLOCK_ID
  public static final int MAX_BLOCK_ID = 32;

  /// Of [#info]: it changes files that no block reference tells of.
  public static final int XLR_SPECIAL_REL_UPDATE = 0x01;

  /// Of [#info]: its images are there to be compared with (`wal_consistency_checking`).
  public static final int XLR_CHECK_CONSISTENCY = 0x02;

  private final BlockReference[] blocks = new BlockReference[MAX_BLOCK_ID + 1];
  private final RecordBytes main = new RecordBytes();

  /// Where the record stands, whole.
  private byte[] bytes = {};

  private int start;

  // Written by the decoder alone.
  WalFormat format = WalFormat.newest();
  long lsn;
  long endLsn;
  int totalLength;
  int xid;
  long prevLsn;
  int info;
  int rmgrId;
  int crc;
  int origin;
  int toplevelXid;
  int maxBlockId = -1;

  /// Of no record yet.
  public DecodedXLogRecord() {
    for (int id = 0; id <= MAX_BLOCK_ID; id++) {
      blocks[id] = new BlockReference(id);
    }
  }

  /// The version that wrote it.
  public WalFormat format() {
    return format;
  }

  /// Where it starts.
  public long lsn() {
    return lsn;
  }

  /// Where it ends, exclusive, padding included: what redo writes into the pages it changes. After
  /// XLOG_SWITCH the end of the segment.
  public long endLsn() {
    return endLsn;
  }

  /// Bytes of the record, header included, page headers in between not.
  public int totalLength() {
    return totalLength;
  }

  /// The transaction, unsigned; 0 when there is none.
  public int xid() {
    return xid;
  }

  /// Where the record before this one starts.
  public long prevLsn() {
    return prevLsn;
  }

  /// All eight bits of `xl_info`.
  public int info() {
    return info;
  }

  /// The four bits that belong to the resource manager: `xl_info & 0xF0`.
  public int opcode() {
    return info & 0xF0;
  }

  public int rmgrId() {
    return rmgrId;
  }

  public int crc() {
    return crc;
  }

  /// The replication origin; 0 when there is none.
  public int origin() {
    return origin;
  }

  /// The top-level transaction of a subtransaction's first record; 0 when it is not said.
  public int toplevelXid() {
    return toplevelXid;
  }

  /// The highest block id; -1 without blocks. Lower ids may be missing.
  public int maxBlockId() {
    return maxBlockId;
  }

  /// True when the record refers to a block of this id.
  public boolean hasBlock(int id) {
    return id <= maxBlockId && blocks[id].inUse;
  }

  /// The block of this id; check with [#hasBlock], or [BlockReference#inUse], whether it is there.
  ///
  /// @param id 0 to [#MAX_BLOCK_ID]
  public BlockReference block(int id) {
    return blocks[id];
  }

  /// What belongs to no block.
  public RecordBytes main() {
    return main;
  }

  /// True when any block has an image.
  public boolean hasImage() {
    return imageBytes() > 0;
  }

  /// Bytes that all images take in the record (`fpi_len`).
  public int imageBytes() {
    int bytes = 0;
    for (int id = 0; id <= maxBlockId; id++) {
      bytes += blocks[id].imageLength;
    }
    return bytes;
  }

  /// Takes over the header at `at` of `bytes`, and forgets what was there before.
  void begin(byte[] bytes, int at) {
    this.bytes = bytes;
    start = at;
    totalLength = LittleEndian.i32(bytes, at);
    xid = LittleEndian.i32(bytes, at + 4);
    prevLsn = LittleEndian.i64(bytes, at + 8);
    info = bytes[at + 16] & 0xFF;
    rmgrId = bytes[at + 17] & 0xFF;
    crc = LittleEndian.i32(bytes, at + 20);
    origin = 0;
    toplevelXid = 0;
    for (int id = 0; id <= maxBlockId; id++) {
      blocks[id].reset();
    }
    maxBlockId = -1;
    main.clear();
  }

  /// Copies the record as it stands in WAL, without page headers, into `into`, which has room for
  /// [#totalLength] bytes from `intoAt` on.
  public void copy(byte[] into, int intoAt) {
    System.arraycopy(bytes, start, into, intoAt, totalLength);
  }

  /// Bytes behind the fixed header.
  int bodyLength() {
    return totalLength - XLogRecordHeader.LENGTH;
  }
}
