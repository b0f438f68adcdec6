package org.walstream.redo.page;

import static org.walstream.redo.page.PageBytes.putU16;
import static org.walstream.redo.page.PageBytes.u16;
import static org.walstream.redo.page.PageHeader.LENGTH;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import org.walstream.wal.rmgr.Rmgr;

/// Masks a page as the resource manager of a record has it masked before its images for
/// `wal_consistency_checking` are compared: [PageMask] for all of them, and what each leaves
/// unlogged besides.
///
/// ```
/// special areas     offset  field
///  btree  16 bytes      12  btpo_flags     14  btpo_cycleid
///  hash   16 bytes      12  hasho_flag
///  gin     8 bytes       6  flags
///  gist   16 bytes       0  nsn            12  flags
///  brin    8 bytes       4  flags           6  type
/// ```
///
/// The same in PostgreSQL 15 to 18. For copies of pages only.
///
/// Counterpart of heap_mask(), btree_mask() and so on, beside the redo functions of each.
public final class ConsistencyMask {

  private static final int HEAP_XACT_MASK = 0xFFF0;
  private static final int HEAP_XMIN_FROZEN = 0x0300;
  private static final int HEAP_XMAX_HINTS = 0x0C00;

  /// In place of a tuple's own offset number while its insertion is speculative.
  private static final int SPEC_TOKEN_OFFSET_NUMBER = 0xFFFE;

  private static final int BTP_LEAF = 0x0001;
  private static final int BTP_SPLIT_END = 0x0020;
  private static final int BTP_HAS_GARBAGE = 0x0040;

  private static final int LH_OVERFLOW_PAGE = 0x0001;
  private static final int LH_BUCKET_PAGE = 0x0002;
  private static final int LH_PAGE_TYPE = 0x000F;
  private static final int LH_PAGE_HAS_DEAD_TUPLES = 0x0080;

  private static final int GIN_DELETED = 0x0004;

  private static final int GIST_LEAF = 0x0001;
  private static final int GIST_FOLLOW_RIGHT = 0x0008;
  private static final int GIST_HAS_GARBAGE = 0x0010;

  private static final int BRIN_EVACUATE_PAGE = 0x0001;
  private static final int BRIN_META = 0xF091;
  private static final int BRIN_REGULAR = 0xF093;

  private ConsistencyMask() {}

  /// @param blockNumber the page's, which heap's tuples are told by
  /// @return false when pages of this resource manager are compared as they are; then nothing is
  ///   masked
  /// @throws CorruptPageException if the page is none that the resource manager can have
  public static boolean apply(Rmgr rmgr, MemorySegment page, long at, int blockNumber) {
    return switch (rmgr) {
      case HEAP, HEAP2 -> heap(page, at, blockNumber);
      case BTREE -> btree(page, at);
      case HASH -> hash(page, at);
      case GIN -> gin(page, at);
      case GIST -> gist(page, at);
      case SPGIST -> spgist(page, at);
      case BRIN -> brin(page, at);
      case SEQUENCE, GENERIC -> lsnAndHole(page, at);
      case XLOG,
          TRANSACTION,
          STORAGE,
          CLOG,
          DATABASE,
          TABLESPACE,
          MULTIXACT,
          RELMAP,
          STANDBY,
          COMMIT_TS,
          REPLICATION_ORIGIN,
          LOGICAL_MESSAGE ->
          false;
    };
  }

  // Each of these answers true: it has masked.

  private static boolean lsnAndHole(MemorySegment page, long at) {
    PageMask.lsnAndChecksum(page, at);
    PageMask.unusedSpace(page, at);
    return true;
  }

  private static boolean heap(MemorySegment page, long at, int blockNumber) {
    header(page, at);
    PageMask.unusedSpace(page, at);
    int count = PageHeader.maxOffsetNumber(page, at);
    for (int number = 1; number <= count; number++) {
      int linePointer = LinePointer.read(page, at, number);
      if (!LinePointer.hasStorage(linePointer)) {
        continue;
      }
      long item = LinePointer.item(page, at, number);
      int length = LinePointer.length(linePointer);
      if (LinePointer.isNormal(linePointer)) {
        tuple(page, item, length, blockNumber, number);
      }
      int padded = Math.min(PageBytes.maxAlign(length), (int) (at + PAGE_BYTES - item));
      PageBytes.zero(page, item + length, padded - length);
    }
    return true;
  }

  /// Hints of a tuple that is not frozen, or those of its xmax; the command within its transaction,
  /// which redo does not know; and who is inserting it speculatively.
  private static void tuple(
      MemorySegment page, long item, int length, int blockNumber, int offsetNumber) {
    if (length < HeapTuple.LENGTH) {
      throw new CorruptPageException("a tuple of %d bytes".formatted(length));
    }
    int infomask = u16(page, item + HeapTuple.INFOMASK);
    boolean frozen = (infomask & HEAP_XMIN_FROZEN) == HEAP_XMIN_FROZEN;
    int masked = infomask & ~(frozen ? HEAP_XMAX_HINTS : HEAP_XACT_MASK);
    putU16(page, item + HeapTuple.INFOMASK, masked);
    PageBytes.putI32(page, item + HeapTuple.CID, 0);
    if (u16(page, item + HeapTuple.CTID_OFFSET_NUMBER) == SPEC_TOKEN_OFFSET_NUMBER) {
      putU16(page, item + HeapTuple.CTID_BLOCK, blockNumber >>> 16);
      putU16(page, item + HeapTuple.CTID_BLOCK + 2, blockNumber);
      putU16(page, item + HeapTuple.CTID_OFFSET_NUMBER, offsetNumber);
    }
  }

  private static boolean btree(MemorySegment page, long at) {
    header(page, at);
    PageMask.unusedSpace(page, at);
    long special = special(page, at, 16);
    int flags = u16(page, special + 12);
    if ((flags & BTP_LEAF) != 0) {
      PageMask.linePointerFlags(page, at);
    }
    putU16(page, special + 12, flags & ~(BTP_HAS_GARBAGE | BTP_SPLIT_END));
    putU16(page, special + 14, 0);
    return true;
  }

  private static boolean hash(MemorySegment page, long at) {
    header(page, at);
    PageMask.unusedSpace(page, at);
    long special = special(page, at, 16);
    int type = u16(page, special + 12) & LH_PAGE_TYPE;
    if (type == 0) {
      PageMask.content(page, at);
    } else if (type == LH_BUCKET_PAGE || type == LH_OVERFLOW_PAGE) {
      PageMask.linePointerFlags(page, at);
    }
    putU16(page, special + 12, u16(page, special + 12) & ~LH_PAGE_HAS_DEAD_TUPLES);
    return true;
  }

  private static boolean gin(MemorySegment page, long at) {
    header(page, at);
    if ((u16(page, special(page, at, 8) + 6) & GIN_DELETED) != 0) {
      PageMask.content(page, at);
    } else if (PageHeader.lower(page, at) > LENGTH) {
      PageMask.unusedSpace(page, at);
    }
    return true;
  }

  private static boolean gist(MemorySegment page, long at) {
    header(page, at);
    PageMask.unusedSpace(page, at);
    long special = special(page, at, 16);
    PageBytes.putLsn(page, special, 0);
    int flags = u16(page, special + 12);
    if ((flags & GIST_LEAF) != 0) {
      PageMask.linePointerFlags(page, at);
    }
    putU16(page, special + 12, (flags | GIST_FOLLOW_RIGHT) & ~GIST_HAS_GARBAGE);
    return true;
  }

  private static boolean spgist(MemorySegment page, long at) {
    header(page, at);
    if (PageHeader.lower(page, at) >= LENGTH) {
      PageMask.unusedSpace(page, at);
    }
    return true;
  }

  private static boolean brin(MemorySegment page, long at) {
    header(page, at);
    long special = special(page, at, 8);
    int type = u16(page, special + 6);
    if (type == BRIN_REGULAR || (type == BRIN_META && PageHeader.lower(page, at) > LENGTH)) {
      PageMask.unusedSpace(page, at);
    }
    putU16(page, special + 4, u16(page, special + 4) & ~BRIN_EVACUATE_PAGE);
    return true;
  }

  private static void header(MemorySegment page, long at) {
    PageMask.lsnAndChecksum(page, at);
    PageMask.hintBits(page, at);
  }

  /// Where the special area stands, of at least so many bytes.
  private static long special(MemorySegment page, long at, int bytes) {
    int special = PageHeader.special(page, at);
    if (special < LENGTH || special > PAGE_BYTES - bytes) {
      throw new CorruptPageException("no special area of %d bytes at %d".formatted(bytes, special));
    }
    return at + special;
  }
}
