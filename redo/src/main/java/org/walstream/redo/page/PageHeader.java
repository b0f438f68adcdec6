package org.walstream.redo.page;

import static org.walstream.redo.page.PageBytes.i32;
import static org.walstream.redo.page.PageBytes.maxAlign;
import static org.walstream.redo.page.PageBytes.putI32;
import static org.walstream.redo.page.PageBytes.putU16;
import static org.walstream.redo.page.PageBytes.u16;

import java.lang.foreign.MemorySegment;
import org.walstream.wal.TransactionIds;

/// What every page begins with, and how a page is divided.
///
/// ```
/// offset  bytes  field
///      0      4  pd_lsn, high half     end of the last record that changed the page
///      4      4  pd_lsn, low half
///      8      2  pd_checksum           see PageChecksum
///     10      2  pd_flags              0x0001 has free line pointers, 0x0002 page full,
///                                      0x0004 all visible
///     12      2  pd_lower              where the line pointers end
///     14      2  pd_upper              where the items begin
///     16      2  pd_special            where the special area begins; 8192 without one
///     18      2  pd_pagesize_version   8192 | 4
///     20      4  pd_prune_xid          the oldest transaction that left something to prune, or 0
///     24         line pointers         see LinePointer
///
///      0       24            pd_lower          pd_upper         pd_special      8192
///      ┌────────┬───────────────┬──────────────────┬─────────────────┬─────────────┐
///      │ header │ lp1 lp2 lp3 → │ hole             │ ← item2, item1  │ special     │
///      └────────┴───────────────┴──────────────────┴─────────────────┴─────────────┘
/// ```
///
/// A page is new, that is never yet used, when pd_upper is 0; such a page is all zeros.
///
/// Counterpart of PageHeaderData, src/include/storage/bufpage.h, and PageInit(),
/// src/backend/storage/page/bufpage.c.
public final class PageHeader {

  /// BLCKSZ
  public static final int PAGE_BYTES = 8192;

  /// SizeOfPageHeaderData
  public static final int LENGTH = 24;

  /// PD_HAS_FREE_LINES and so on: bits of pd_flags.
  public static final int HAS_FREE_LINES = 0x0001;

  public static final int PAGE_FULL = 0x0002;
  public static final int ALL_VISIBLE = 0x0004;

  /// PD_VALID_FLAG_BITS
  static final int VALID_FLAGS = HAS_FREE_LINES | PAGE_FULL | ALL_VISIBLE;

  static final int CHECKSUM = 8;
  static final int FLAGS = 10;
  static final int LOWER = 12;
  static final int UPPER = 14;
  static final int SPECIAL = 16;
  static final int PAGESIZE_VERSION = 18;
  static final int PRUNE_XID = 20;

  /// PG_PAGE_LAYOUT_VERSION, the same since PostgreSQL 8.3.
  private static final int LAYOUT_VERSION = 4;

  private PageHeader() {}

  /// Makes an empty page of what is at `page`: zeros, a header, and a special area of at least
  /// `specialBytes`.
  public static void init(MemorySegment pool, long page, int specialBytes) {
    int special = PAGE_BYTES - maxAlign(specialBytes);
    if (specialBytes < 0 || special <= LENGTH) {
      throw new IllegalArgumentException("a special area of " + specialBytes + " bytes");
    }
    PageBytes.zero(pool, page, PAGE_BYTES);
    putLower(pool, page, LENGTH);
    putUpper(pool, page, special);
    putU16(pool, page + SPECIAL, special);
    putU16(pool, page + PAGESIZE_VERSION, PAGE_BYTES | LAYOUT_VERSION);
  }

  /// Makes an empty page with the special area of another one: to be filled with what shall stay of
  /// that, and then copied over it.
  ///
  /// Counterpart of PageGetTempPageCopySpecial().
  ///
  /// @throws CorruptPageException if the other page's pointers cross
  public static void initLike(
      MemorySegment pool, long page, MemorySegment otherPool, long otherPage) {
    checkPointers(otherPool, otherPage);
    int special = special(otherPool, otherPage);
    int specialBytes = PAGE_BYTES - special;
    init(pool, page, specialBytes);
    MemorySegment.copy(otherPool, otherPage + special, pool, page + special, specialBytes);
  }

  /// Zeros what stands between the line pointers and the items.
  ///
  /// @throws CorruptPageException if they cross, or leave the page
  public static void zeroHole(MemorySegment pool, long page) {
    int lower = lower(pool, page);
    int upper = upper(pool, page);
    if (lower > upper || upper > PAGE_BYTES) {
      throw corruptPointers(pool, page);
    }
    PageBytes.zero(pool, page + lower, upper - lower);
  }

  /// pd_lower, pd_upper and pd_special in one access, to be taken apart by [#lowerOf] and so on.
  static long pointers(MemorySegment pool, long page) {
    return PageBytes.i64(pool, page + LOWER);
  }

  static int lowerOf(long pointers) {
    return (int) pointers & 0xFFFF;
  }

  static int upperOf(long pointers) {
    return (int) pointers >>> 16;
  }

  static int specialOf(long pointers) {
    return (int) (pointers >>> 32) & 0xFFFF;
  }

  static void putLowerAndUpper(MemorySegment pool, long page, int lower, int upper) {
    putI32(pool, page + LOWER, lower | upper << 16);
  }

  /// True when nothing has been put on the page yet.
  public static boolean isNew(MemorySegment pool, long page) {
    return upper(pool, page) == 0;
  }

  public static long lsn(MemorySegment pool, long page) {
    return PageBytes.lsn(pool, page);
  }

  public static void putLsn(MemorySegment pool, long page, long lsn) {
    PageBytes.putLsn(pool, page, lsn);
  }

  /// As it stands there; what it should be, [PageChecksum] knows.
  public static int checksum(MemorySegment pool, long page) {
    return u16(pool, page + CHECKSUM);
  }

  static void putChecksum(MemorySegment pool, long page, int checksum) {
    putU16(pool, page + CHECKSUM, checksum);
  }

  public static boolean has(MemorySegment pool, long page, int flag) {
    return (flags(pool, page) & flag) != 0;
  }

  public static int flags(MemorySegment pool, long page) {
    return u16(pool, page + FLAGS);
  }

  public static void set(MemorySegment pool, long page, int flag) {
    putU16(pool, page + FLAGS, flags(pool, page) | flag);
  }

  public static void clear(MemorySegment pool, long page, int flag) {
    putU16(pool, page + FLAGS, flags(pool, page) & ~flag);
  }

  public static int lower(MemorySegment pool, long page) {
    return u16(pool, page + LOWER);
  }

  public static void putLower(MemorySegment pool, long page, int lower) {
    putU16(pool, page + LOWER, lower);
  }

  public static int upper(MemorySegment pool, long page) {
    return u16(pool, page + UPPER);
  }

  public static void putUpper(MemorySegment pool, long page, int upper) {
    putU16(pool, page + UPPER, upper);
  }

  public static int special(MemorySegment pool, long page) {
    return u16(pool, page + SPECIAL);
  }

  public static int pageSizeAndVersion(MemorySegment pool, long page) {
    return u16(pool, page + PAGESIZE_VERSION);
  }

  /// Unsigned; 0 when there is nothing to prune.
  public static int pruneXid(MemorySegment pool, long page) {
    return i32(pool, page + PRUNE_XID);
  }

  public static void putPruneXid(MemorySegment pool, long page, int xid) {
    putI32(pool, page + PRUNE_XID, xid);
  }

  /// Notes that `xid`, a normal one, left something to prune, unless an older one has.
  ///
  /// Counterpart of PageSetPrunable().
  public static void setPrunable(MemorySegment pool, long page, int xid) {
    int old = pruneXid(pool, page);
    if (old == 0 || TransactionIds.precedes(xid, old)) {
      putPruneXid(pool, page, xid);
    }
  }

  /// How many line pointers there are, and so the highest offset number; 0 on an empty page.
  ///
  /// Counterpart of PageGetMaxOffsetNumber().
  public static int maxOffsetNumber(MemorySegment pool, long page) {
    return maxOffsetNumber(lower(pool, page));
  }

  /// The same of a page with this pd_lower.
  static int maxOffsetNumber(int lower) {
    return lower <= LENGTH ? 0 : (lower - LENGTH) / LinePointer.LENGTH;
  }

  /// True when the page is new, or its header makes sense: which is what can be said without a
  /// checksum.
  ///
  /// Counterpart of PageIsVerified() without checksums.
  public static boolean isSane(MemorySegment pool, long page) {
    if (isNew(pool, page)) {
      return isZero(pool, page);
    }
    int special = special(pool, page);
    return (flags(pool, page) & ~VALID_FLAGS) == 0
        && lower(pool, page) <= upper(pool, page)
        && upper(pool, page) <= special
        && special <= PAGE_BYTES
        && special == maxAlign(special);
  }

  /// @throws CorruptPageException unless header, line pointers, hole, items and special area follow
  ///   each other within the page
  static void checkPointers(MemorySegment pool, long page) {
    long pointers = pointers(pool, page);
    int special = specialOf(pointers);
    if (cross(pointers) || special != maxAlign(special)) {
      throw corruptPointers(pool, page);
    }
  }

  /// The same for a page whose special area need not be aligned.
  ///
  /// @return the page's [#pointers]
  static long checkOrder(MemorySegment pool, long page) {
    long pointers = pointers(pool, page);
    if (cross(pointers)) {
      throw corruptPointers(pool, page);
    }
    return pointers;
  }

  private static boolean cross(long pointers) {
    int lower = lowerOf(pointers);
    int upper = upperOf(pointers);
    int special = specialOf(pointers);
    return lower < LENGTH || lower > upper || upper > special || special > PAGE_BYTES;
  }

  private static CorruptPageException corruptPointers(MemorySegment pool, long page) {
    return new CorruptPageException(
        "corrupted page pointers: lower = %d, upper = %d, special = %d"
            .formatted(lower(pool, page), upper(pool, page), special(pool, page)));
  }

  private static boolean isZero(MemorySegment pool, long page) {
    for (int at = 0; at < PAGE_BYTES; at += Long.BYTES) {
      if (PageBytes.i64(pool, page + at) != 0) {
        return false;
      }
    }
    return true;
  }
}
