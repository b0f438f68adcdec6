package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.Check;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;

/// Records of the resource manager `Generic`: bytes of pages that an extension changed, such as
/// bloom, without a resource manager of its own. There is one type of record.
///
/// Counterpart of src/backend/access/transam/generic_xlog.c.
public record GenericRecord(DecodedXLogRecord record) implements WalRecord {

  /// The name of the record type, whatever its `xl_info`.
  static @Nullable String name(WalFormat format, int info) {
    return "Generic";
  }

  static @Nullable GenericRecord of(DecodedXLogRecord record) {
    for (int id = 0; id <= record.maxBlockId(); id++) {
      if (record.hasBlock(id) && !Delta.areWhole(record.block(id).data())) {
        return null;
      }
    }
    return new GenericRecord(record);
  }

  /// The changes of a block, standing before the first; their bytes are in the block's data.
  public Delta delta(int blockId) {
    return new Delta(record.block(blockId).data());
  }

  @Override
  public void fields(RecordFields out) {
    for (int id = 0; id <= record.maxBlockId(); id++) {
      if (record.hasBlock(id)) {
        fields(id, out);
      }
    }
  }

  private void fields(int blockId, RecordFields out) {
    int count = 0;
    for (Delta delta = delta(blockId); delta.next(); ) {
      count++;
    }
    Delta delta = delta(blockId);
    out.list(
        "deltas_" + blockId,
        count,
        (index, item) -> {
          Check.state(delta.next(), "no change %d", index);
          item.number("offset", delta.offset());
          item.number("length", delta.length());
        });
  }

  /// One change of a page after the other.
  ///
  /// ```
  /// offset  bytes  field    (each block's data: any number of these, one after the other)
  ///      0      2  offset   where in the page
  ///      2      2  length
  ///      4      n  bytes
  /// ```
  public static final class Delta {

    private static final int HEADER = 4;

    private final RecordBytes data;
    private int at = -1;

    private Delta(RecordBytes data) {
      this.data = data;
    }

    private static boolean areWhole(RecordBytes data) {
      int at = 0;
      while (data.holds(at, 1, HEADER)) {
        at += HEADER + data.u16(at + 2);
      }
      return at == data.length();
    }

    /// Goes to the next change; false when there is none.
    public boolean next() {
      at = at < 0 ? 0 : at + HEADER + length();
      return at < data.length();
    }

    /// Where in the page the bytes go.
    public int offset() {
      return data.u16(at);
    }

    /// How many bytes.
    public int length() {
      return data.u16(at + 2);
    }

    /// Where in the block's data the bytes stand.
    public int bytesAt() {
      return at + HEADER;
    }
  }
}
