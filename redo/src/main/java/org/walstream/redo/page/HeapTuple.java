package org.walstream.redo.page;

/// What every tuple of a table begins with: where in a page's item its fields stand.
///
/// ```
/// offset  bytes  field
///      0      4  t_xmin
///      4      4  t_xmax
///      8      4  t_cid          which command inserted or deleted it; or t_xvac
///     12      4  t_ctid, block  two halves, the high one first
///     16      2  t_ctid, offset number
///     18      2  t_infomask2    number of columns, and flags
///     20      2  t_infomask     flags
///     22      1  t_hoff         where the columns begin
///     23         null bitmap, padding, columns
/// ```
///
/// Counterpart of HeapTupleHeaderData, src/include/access/htup_details.h.
public final class HeapTuple {

  public static final int XMIN = 0;
  public static final int XMAX = 4;
  public static final int CID = 8;
  public static final int CTID_BLOCK = 12;
  public static final int CTID_OFFSET_NUMBER = 16;
  public static final int INFOMASK2 = 18;
  public static final int INFOMASK = 20;
  public static final int HOFF = 22;

  /// SizeofHeapTupleHeader
  public static final int LENGTH = 23;

  private HeapTuple() {}
}
