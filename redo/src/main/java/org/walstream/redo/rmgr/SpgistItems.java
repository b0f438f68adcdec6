package org.walstream.redo.rmgr;

import static org.walstream.redo.rmgr.SpgistTuple.DEAD_LENGTH;
import static org.walstream.redo.rmgr.SpgistTuple.PLACEHOLDER;
import static org.walstream.redo.rmgr.SpgistTuple.REDIRECT;

import java.lang.foreign.MemorySegment;
import java.util.function.IntUnaryOperator;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.IndexItems;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.record.RecordBytes;

/// Adds and removes tuples of SP-GiST's pages, all of which keep their numbers: where one goes, a
/// dead one takes its place, which says why.
///
/// ```
///  remove 4, 2, 3   │ lp1 lp2 lp3 lp4 lp5 │   hole   │ leaf │ leaf │ leaf │ leaf │ leaf │
///                   │ lp1 lp2 lp3 lp4 lp5 │   hole   │redirect│placeh.│placeh.│ leaf │ leaf │
/// ```
///
/// Has room for their numbers: one object per thread.
///
/// Counterpart of addOrReplaceTuple(), src/backend/access/spgist/spgxlog.c, and of
/// spgPageIndexMultiDelete(), src/backend/access/spgist/spgdoinsert.c.
final class SpgistItems {

  private final IndexItems items = new IndexItems();
  private final OffsetNumbers numbers = new OffsetNumbers();

  /// Puts a tuple, `length` bytes at `at` of the record's, behind all others or in a placeholder's
  /// place.
  static void add(
      RecordBytes bytes, int at, int length, MemorySegment pool, long page, int number) {
    if (number <= PageHeader.maxOffsetNumber(pool, page)) {
      if (SpgistTuple.state(pool, page, number) != PLACEHOLDER) {
        throw new CorruptPageException("SPGiST tuple to be replaced is not a placeholder");
      }
      SpgistPage.addPlaceholders(pool, page, -1);
      IndexItems.delete(pool, page, number);
    }
    put(bytes, at, length, pool, page, number);
  }

  /// Puts a tuple in another's place.
  static void replace(
      RecordBytes bytes, int at, int length, MemorySegment pool, long page, int number) {
    IndexItems.delete(pool, page, number);
    put(bytes, at, length, pool, page, number);
  }

  private static void put(
      RecordBytes bytes, int at, int length, MemorySegment pool, long page, int number) {
    if (LoggedItems.add(bytes, at, length, pool, page, number, 0) != number) {
      throw doesNotFit(length);
    }
  }

  /// Puts a redirect in a tuple's place, or a placeholder if nobody can need it.
  static void redirect(
      MemorySegment pool,
      long page,
      int number,
      boolean isBuild,
      int redirectXid,
      int block,
      int offset) {
    IndexItems.delete(pool, page, number);
    int state = isBuild ? PLACEHOLDER : REDIRECT;
    putDead(pool, page, number, state, redirectXid, block, offset);
  }

  /// Puts redirects in the place of the tuple that the record names first, and placeholders in that
  /// of the others. Nobody needs redirects of an index that is being built: then all are
  /// placeholders.
  void redirectFirst(
      MemorySegment pool,
      long page,
      int count,
      IntUnaryOperator number,
      boolean isBuild,
      int redirectXid,
      int block,
      int offset) {
    int first = isBuild ? PLACEHOLDER : REDIRECT;
    replaceAll(pool, page, count, number, first, PLACEHOLDER, redirectXid, block, offset);
  }

  /// Puts dead tuples of this state in the place of those that the record names.
  void kill(MemorySegment pool, long page, int count, IntUnaryOperator number, int state) {
    replaceAll(pool, page, count, number, state, state, 0, TidBytes.NO_BLOCK, 0);
  }

  private void replaceAll(
      MemorySegment pool,
      long page,
      int count,
      IntUnaryOperator number,
      int firstState,
      int restState,
      int redirectXid,
      int block,
      int offset) {
    if (count == 0) {
      return;
    }
    numbers.set(count, number);
    int first = numbers.get(0);
    numbers.sort();
    items.multiDelete(pool, page, numbers.array(), count);
    for (int i = 0; i < count; i++) {
      int at = numbers.get(i);
      int state = at == first ? firstState : restState;
      putDead(pool, page, at, state, redirectXid, block, offset);
    }
  }

  /// Removes tuples for good.
  void delete(MemorySegment pool, long page, int count, IntUnaryOperator number) {
    numbers.set(count, number);
    items.multiDelete(pool, page, numbers.array(), count);
  }

  private static void putDead(
      MemorySegment pool,
      long page,
      int number,
      int state,
      int redirectXid,
      int block,
      int offset) {
    if (PageItems.reserve(pool, page, DEAD_LENGTH, number, 0) != number) {
      throw doesNotFit(DEAD_LENGTH);
    }
    long at = LinePointer.item(pool, page, number);
    SpgistTuple.putDead(pool, at, state, redirectXid, block, offset);
    if (state == REDIRECT) {
      SpgistPage.addRedirections(pool, page, 1);
    } else if (state == PLACEHOLDER) {
      SpgistPage.addPlaceholders(pool, page, 1);
    }
  }

  private static CorruptPageException doesNotFit(int length) {
    return new CorruptPageException(
        "failed to add item of size %d to SPGiST index page".formatted(length));
  }
}
