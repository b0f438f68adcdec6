package org.walstream.redo.page;

import static org.walstream.redo.page.PageHeader.ALL_VISIBLE;
import static org.walstream.redo.page.PageHeader.HAS_FREE_LINES;
import static org.walstream.redo.page.PageHeader.LENGTH;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;
import static org.walstream.redo.page.PageHeader.PAGE_FULL;

import java.lang.foreign.MemorySegment;

/// Takes from a page what a primary changes without a word to its WAL, so that a page of a primary
/// and one that was made by replay can be compared. Which of these a page needs, its resource
/// manager knows; a real standby's pages need none.
///
/// What is masked becomes 0. For copies of pages only.
///
/// Counterpart of src/backend/access/common/bufmask.c.
public final class PageMask {

  private PageMask() {}

  /// What depends on when the page was written, not on what is on it: all pages need it.
  public static void lsnAndChecksum(MemorySegment page, long at) {
    PageHeader.putLsn(page, at, 0);
    PageHeader.putChecksum(page, at, 0);
  }

  /// Hints in the header: what is to be pruned, whether there is room, and whether all is visible,
  /// which redo does not tell a page that is newer than the record.
  public static void hintBits(MemorySegment page, long at) {
    PageHeader.putPruneXid(page, at, 0);
    PageHeader.clear(page, at, PAGE_FULL | HAS_FREE_LINES | ALL_VISIBLE);
  }

  /// The hole.
  ///
  /// @throws CorruptPageException if the page's pointers cross
  public static void unusedSpace(MemorySegment page, long at) {
    PageHeader.checkOrder(page, at);
    int lower = PageHeader.lower(page, at);
    PageBytes.zero(page, at + lower, PageHeader.upper(page, at) - lower);
  }

  /// The flags of line pointers that are used: an index marks its dead entries unlogged.
  ///
  /// @throws CorruptPageException if the page's pointers cross
  public static void linePointerFlags(MemorySegment page, long at) {
    PageHeader.checkOrder(page, at);
    int count = PageHeader.maxOffsetNumber(page, at);
    for (int number = 1; number <= count; number++) {
      int old = LinePointer.read(page, at, number);
      int masked =
          LinePointer.of(LinePointer.offset(old), LinePointer.UNUSED, LinePointer.length(old));
      LinePointer.write(page, at, number, masked);
    }
  }

  /// All but the header, and what that tells of items: of an index's page that has been deleted.
  public static void content(MemorySegment page, long at) {
    PageBytes.zero(page, at + LENGTH, PAGE_BYTES - LENGTH);
    PageHeader.putLower(page, at, 0);
    PageHeader.putUpper(page, at, 0);
  }
}
