package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageBytes.i32;
import static org.walstream.redo.page.PageBytes.putI32;
import static org.walstream.redo.page.PageBytes.putU16;
import static org.walstream.redo.page.PageBytes.u16;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.LinePointer;
import org.walstream.wal.rmgr.IndexTuple;

/// Tuples of SP-GiST as they stand on pages, and what redo changes in them.
///
/// ```
/// offset  bits  field         (dead and leaf tuples)
///      0     2  tupstate      0 live, 1 redirect, 2 dead, 3 placeholder
///           30  size          in bytes
///      4    16  t_info        leaf tuples: low 14 bits: the next one of its chain, or 0
///      6    48  pointer       Tid: dead ones: where a redirect leads; leaf tuples: the row
///     12    32  xid           dead ones: of the redirection; behind it, padding
///
/// offset  bits  field         (inner tuples)
///      0     2  tupstate      as above
///            1  allTheSame
///           13  nNodes
///           16  prefixSize    in bytes
///      4    16  size          in bytes
///      8        prefix        then the nodes, each an IndexTuple that has its link for a Tid
/// ```
///
/// Counterpart of SpGistDeadTupleData, SpGistLeafTupleData and SpGistInnerTupleData,
/// src/include/access/spgist_private.h, and of spgUpdateNodeLink(),
/// src/backend/access/spgist/spgdoinsert.c.
final class SpgistTuple {

  /// SPGIST_LIVE and so on.
  static final int LIVE = 0;

  static final int REDIRECT = 1;
  static final int DEAD = 2;
  static final int PLACEHOLDER = 3;

  /// SGDTSIZE
  static final int DEAD_LENGTH = 16;

  private static final int STATE_MASK = 3;
  private static final int SIZE_SHIFT = 2;

  private static final int INFO = 4;
  private static final int POINTER = 6;
  private static final int XID = 12;
  private static final int NEXT_MASK = 0x3FFF;

  private static final int NODE_COUNT_SHIFT = 3;
  private static final int NODE_COUNT_MASK = 0x1FFF;
  private static final int PREFIX_SHIFT = 16;
  private static final int PREFIX = 8;
  private static final int NODE_INFO = 6;
  private static final int NODE_SIZE_MASK = 0x1FFF;

  private SpgistTuple() {}

  static int state(MemorySegment pool, long page, int number) {
    return i32(pool, at(pool, page, number, Integer.BYTES)) & STATE_MASK;
  }

  /// Writes a dead tuple to `at`.
  ///
  /// Counterpart of spgFormDeadTuple().
  ///
  /// @param redirectXid of a redirect only, as where it leads: to `offset` of `block`
  static void putDead(
      MemorySegment pool, long at, int state, int redirectXid, int block, int offset) {
    putI32(pool, at, state | (DEAD_LENGTH << SIZE_SHIFT));
    putU16(pool, at + INFO, 0);
    if (state == REDIRECT) {
      TidBytes.put(pool, at + POINTER, block, offset);
      putI32(pool, at + XID, redirectXid);
    } else {
      TidBytes.putInvalid(pool, at + POINTER);
      putI32(pool, at + XID, 0);
    }
  }

  /// Makes a placeholder of a redirect. It keeps the transaction.
  static void toPlaceholder(MemorySegment pool, long page, int number) {
    long at = at(pool, page, number, DEAD_LENGTH);
    int head = i32(pool, at);
    if ((head & STATE_MASK) != REDIRECT) {
      throw new CorruptPageException("SPGiST tuple %d is not a redirection".formatted(number));
    }
    putI32(pool, at, (head & ~STATE_MASK) | PLACEHOLDER);
    TidBytes.putInvalid(pool, at + POINTER);
  }

  /// Has a leaf tuple be followed by the one of number `next`.
  static void putNext(MemorySegment pool, long page, int number, int next) {
    long info = at(pool, page, number, DEAD_LENGTH) + INFO;
    putU16(pool, info, (u16(pool, info) & ~NEXT_MASK) | (next & NEXT_MASK));
  }

  /// Has a node of an inner tuple lead to the tuple at `offset` of `block`.
  ///
  /// @param node from 0 on
  static void putLink(MemorySegment pool, long page, int number, int node, int block, int offset) {
    long at = at(pool, page, number, PREFIX);
    long end = at + LinePointer.length(LinePointer.get(pool, page, number));
    int head = i32(pool, at);
    if (node >= ((head >>> NODE_COUNT_SHIFT) & NODE_COUNT_MASK)) {
      throw noNode(node);
    }
    long link = at + PREFIX + (head >>> PREFIX_SHIFT);
    for (int before = node; before > 0 && link + IndexTuple.HEADER_LENGTH <= end; before--) {
      link += u16(pool, link + NODE_INFO) & NODE_SIZE_MASK;
    }
    if (link + IndexTuple.HEADER_LENGTH > end) {
      throw noNode(node);
    }
    TidBytes.put(pool, link, block, offset);
  }

  private static CorruptPageException noNode(int node) {
    return new CorruptPageException(
        "failed to find requested node %d in SPGiST inner tuple".formatted(node));
  }

  /// Where in the pool the tuple stands, which has at least so many bytes.
  private static long at(MemorySegment pool, long page, int number, int bytes) {
    int length = LinePointer.length(LinePointer.get(pool, page, number));
    if (length < bytes) {
      throw new CorruptPageException("a tuple of %d bytes".formatted(length));
    }
    return LinePointer.item(pool, page, number);
  }
}
