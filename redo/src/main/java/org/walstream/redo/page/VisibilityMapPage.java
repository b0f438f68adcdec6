package org.walstream.redo.page;

import static org.walstream.redo.page.PageBytes.putU8;
import static org.walstream.redo.page.PageBytes.u8;
import static org.walstream.redo.page.PageHeader.LENGTH;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;

/// A page of a table's visibility map: two bits for each page of the table.
///
/// ```
///      0       24                                            8192
///      ┌────────┬──────────────────────────────────────────────┐
///      │ header │ one byte for four table pages, …             │     32672 table pages
///      └────────┴──────────────────────────────────────────────┘
///
///  byte   7 6   5 4   3 2   1 0
///         +3    +2    +1    first table page;  low bit 1 all visible, high bit 2 all frozen
/// ```
///
/// The header says that all of this is hole, pd_lower being 24 and pd_upper 8192: whoever leaves
/// out or zeros the hole of such a page destroys the map.
///
/// Counterpart of src/backend/access/heap/visibilitymap.c.
public final class VisibilityMapPage {

  /// VISIBILITYMAP_ALL_VISIBLE
  public static final int ALL_VISIBLE = 0x01;

  /// VISIBILITYMAP_ALL_FROZEN
  public static final int ALL_FROZEN = 0x02;

  /// VISIBILITYMAP_VALID_BITS
  public static final int ALL = ALL_VISIBLE | ALL_FROZEN;

  /// HEAPBLOCKS_PER_PAGE
  public static final int HEAP_BLOCKS = (PAGE_BYTES - LENGTH) * 4;

  private VisibilityMapPage() {}

  /// The block of the map that has the bits of this block of the table; both unsigned.
  public static int blockOf(int heapBlock) {
    return Integer.divideUnsigned(heapBlock, HEAP_BLOCKS);
  }

  /// The bits of a block of the table; `page` is that of [#blockOf] it.
  public static int status(MemorySegment pool, long page, int heapBlock) {
    return u8(pool, byteOf(page, heapBlock)) >>> shiftOf(heapBlock) & ALL;
  }

  /// Adds `flags` to a block's bits.
  ///
  /// @return false when the bits are just these already; then nothing has been done
  public static boolean set(MemorySegment pool, long page, int heapBlock, int flags) {
    if (status(pool, page, heapBlock) == flags) {
      return false;
    }
    long at = byteOf(page, heapBlock);
    putU8(pool, at, u8(pool, at) | flags << shiftOf(heapBlock));
    return true;
  }

  /// Takes `flags` from a block's bits.
  ///
  /// @return false when it had none of them
  public static boolean clear(MemorySegment pool, long page, int heapBlock, int flags) {
    if ((status(pool, page, heapBlock) & flags) == 0) {
      return false;
    }
    long at = byteOf(page, heapBlock);
    putU8(pool, at, u8(pool, at) & ~(flags << shiftOf(heapBlock)));
    return true;
  }

  /// True when a table cut off before `heapBlock` needs part of a page of the map, which
  /// [#truncate] is for; the pages before are needed whole.
  public static boolean endsWithinPage(int heapBlock) {
    return Integer.remainderUnsigned(heapBlock, HEAP_BLOCKS) != 0;
  }

  /// Clears the bits of `heapBlock` and of all behind it on this page.
  public static void truncate(MemorySegment pool, long page, int heapBlock) {
    long at = byteOf(page, heapBlock);
    putU8(pool, at, u8(pool, at) & (1 << shiftOf(heapBlock)) - 1);
    PageBytes.zero(pool, at + 1, page + PAGE_BYTES - (at + 1));
  }

  private static long byteOf(long page, int heapBlock) {
    return page + LENGTH + Integer.remainderUnsigned(heapBlock, HEAP_BLOCKS) / 4;
  }

  private static int shiftOf(int heapBlock) {
    return Integer.remainderUnsigned(heapBlock, 4) * 2;
  }
}
