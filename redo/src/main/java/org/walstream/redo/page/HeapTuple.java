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

  /// HEAP_COMBOCID and so on: bits of t_infomask.
  public static final int COMBOCID = 0x0020;

  public static final int XMAX_KEYSHR_LOCK = 0x0010;
  public static final int XMAX_EXCL_LOCK = 0x0040;
  public static final int XMAX_LOCK_ONLY = 0x0080;
  public static final int XMAX_IS_MULTI = 0x1000;

  /// Both kinds of lock together are the third, HEAP_XMAX_SHR_LOCK.
  public static final int LOCK_MASK = XMAX_KEYSHR_LOCK | XMAX_EXCL_LOCK;

  /// All that t_infomask says of xmax: the above, HEAP_XMAX_COMMITTED and HEAP_XMAX_INVALID.
  public static final int XMAX_BITS = LOCK_MASK | XMAX_LOCK_ONLY | XMAX_IS_MULTI | 0x0C00;

  /// HEAP_MOVED_OFF and HEAP_MOVED_IN, of a VACUUM FULL before PostgreSQL 9.0.
  public static final int MOVED = 0xC000;

  /// HEAP_KEYS_UPDATED and so on: bits of t_infomask2.
  public static final int KEYS_UPDATED = 0x2000;

  public static final int HOT_UPDATED = 0x4000;

  private HeapTuple() {}
}
