package org.walstream.wal.rmgr;

import org.walstream.wal.record.RecordBytes;

/// What a GIN index's first page holds.
///
/// ```
/// offset  bytes  field
///      0      4  head                of the list of what is not yet in the tree
///      4      4  tail
///      8      4  tailFreeSize
///     12      4  nPendingPages
///     16      8  nPendingHeapTuples
///     24      4  nTotalPages         as VACUUM last counted, as all that follow
///     28      4  nEntryPages
///     32      4  nDataPages
///     40      8  nEntries
///     48      4  ginVersion
/// ```
///
/// Counterpart of GinMetaPageData, src/include/access/ginblock.h. Valid as long as its record is.
///
/// @param at where in `bytes` it stands
public record GinMetadata(RecordBytes bytes, int at) {

  public static final int LENGTH = 56;

  public int head() {
    return bytes.i32(at);
  }

  public int tail() {
    return bytes.i32(at + 4);
  }

  public int tailFreeSize() {
    return bytes.i32(at + 8);
  }

  public int nPendingPages() {
    return bytes.i32(at + 12);
  }

  public long nPendingHeapTuples() {
    return bytes.i64(at + 16);
  }

  public int nTotalPages() {
    return bytes.i32(at + 24);
  }

  public int nEntryPages() {
    return bytes.i32(at + 28);
  }

  public int nDataPages() {
    return bytes.i32(at + 32);
  }

  public long nEntries() {
    return bytes.i64(at + 40);
  }

  public int ginVersion() {
    return bytes.i32(at + 48);
  }

  void fields(RecordFields out) {
    out.u32("head", head());
    out.u32("tail", tail());
    out.u32("tailFreeSize", tailFreeSize());
    out.u32("nPendingPages", nPendingPages());
    out.number("nPendingHeapTuples", nPendingHeapTuples());
    out.u32("nTotalPages", nTotalPages());
    out.u32("nEntryPages", nEntryPages());
    out.u32("nDataPages", nDataPages());
    out.number("nEntries", nEntries());
    out.number("ginVersion", ginVersion());
  }
}
