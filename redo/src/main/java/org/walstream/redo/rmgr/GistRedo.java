package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.IndexItems;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.GistRecord;
import org.walstream.wal.rmgr.IndexTuple;
import org.walstream.wal.rmgr.WalRecord;

/// A GiST index. A page that is split gets its link from the parent in a later record; that then
/// tells the left page of the split, even one whose image it has just restored: the image is from
/// before.
///
/// Counterpart of gist_redo(), src/backend/access/gist/gistxlog.c.
final class GistRedo implements PageRedo {

  /// GIST_ROOT_BLKNO
  private static final int ROOT = 0;

  private final IndexItems items = new IndexItems();
  private final OffsetNumbers numbers = new OffsetNumbers();
  private final MemorySegment tuple = MemorySegment.ofArray(new byte[PAGE_BYTES]);

  @Override
  public PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page) {
    if (isLeftOfSplit(record, blockId)) {
      return completeSplit(record.record(), pool, page);
    }
    return switch ((GistRecord) record) {
      case GistRecord.PageUpdate update -> pageUpdate(update, pool, page);
      case GistRecord.Delete delete -> delete(delete, pool, page);
      case GistRecord.PageSplit split -> pageSplit(split, blockId, pool, page);
      case GistRecord.PageDelete delete -> pageDelete(delete, blockId, pool, page);
      case GistRecord.PageReuse _, GistRecord.AssignLsn _ -> PageChange.NONE;
    };
  }

  @Override
  public PageChange afterImage(WalRecord record, int blockId, MemorySegment pool, long page) {
    return isLeftOfSplit(record, blockId)
        ? completeSplit(record.record(), pool, page)
        : PageChange.NONE;
  }

  /// Whether the block is that page of a split which the record completes.
  private static boolean isLeftOfSplit(WalRecord record, int blockId) {
    return switch (record) {
      case GistRecord.PageUpdate _ -> blockId == 1;
      case GistRecord.PageSplit _ -> blockId == 0;
      default -> false;
    };
  }

  private static PageChange completeSplit(DecodedXLogRecord record, MemorySegment pool, long page) {
    GistPage.putNsn(pool, page, record.endLsn());
    GistPage.clear(pool, page, GistPage.FOLLOW_RIGHT);
    return PageChange.LOGGED;
  }

  /// One tuple for one stays where it is; otherwise new ones come behind those that stay.
  private PageChange pageUpdate(GistRecord.PageUpdate update, MemorySegment pool, long page) {
    RecordBytes change = update.change();
    int at = update.tuplesAt();
    if (update.ntodelete() == 1 && update.ntoinsert() == 1) {
      at += overwrite(change, at, update.todelete(0), pool, page);
    } else if (update.ntodelete() > 0) {
      numbers.set(update.ntodelete(), update::todelete);
      items.multiDelete(pool, page, numbers.array(), numbers.count());
      if (GistPage.isLeaf(pool, page)) {
        GistPage.set(pool, page, GistPage.TUPLES_DELETED);
      }
    }
    while (at < change.length()) {
      at += append(change, at, pool, page);
    }
    return PageChange.LOGGED;
  }

  private PageChange delete(GistRecord.Delete delete, MemorySegment pool, long page) {
    numbers.set(delete.ntodelete(), delete::offset);
    items.multiDelete(pool, page, numbers.array(), numbers.count());
    GistPage.clear(pool, page, GistPage.HAS_GARBAGE);
    GistPage.set(pool, page, GistPage.TUPLES_DELETED);
    return PageChange.LOGGED;
  }

  /// The first of the pages may be the root, which then is their parent.
  private static PageChange pageSplit(
      GistRecord.PageSplit split, int blockId, MemorySegment pool, long page) {
    if (blockId > split.npage()) {
      return PageChange.NONE;
    }
    DecodedXLogRecord record = split.record();
    boolean splitsRoot = record.block(1).blockNumber() == ROOT;
    boolean isRoot = splitsRoot && blockId == 1;
    boolean isLast = blockId == split.npage();
    boolean followsRight = split.markfollowright() && !splitsRoot && !isLast;
    int flags = split.origleaf() && !isRoot ? GistPage.LEAF : 0;
    GistPage.init(
        pool,
        page,
        flags | (followsRight ? GistPage.FOLLOW_RIGHT : 0),
        isRoot ? TidBytes.NO_BLOCK : rightlink(split, blockId));
    GistPage.putNsn(pool, page, split.orignsn());
    RecordBytes tuples = split.page(blockId);
    int at = split.tuplesAt();
    for (int left = split.ntuples(blockId); left > 0; left--) {
      at += append(tuples, at, pool, page);
    }
    return PageChange.LOGGED;
  }

  private static int rightlink(GistRecord.PageSplit split, int blockId) {
    if (blockId == split.npage()) {
      return split.origrlink();
    }
    if (!split.record().hasBlock(blockId + 1)) {
      throw new CorruptPageException(
          "could not locate backup block with ID %d in WAL record".formatted(blockId + 1));
    }
    return split.record().block(blockId + 1).blockNumber();
  }

  private static PageChange pageDelete(
      GistRecord.PageDelete delete, int blockId, MemorySegment pool, long page) {
    if (blockId == 0) {
      GistPage.delete(pool, page, delete.deleteXid());
    } else {
      IndexItems.delete(pool, page, delete.downlinkOffset());
    }
    return PageChange.LOGGED;
  }

  /// Puts the tuple at `at` of the record's behind those of the page.
  ///
  /// @return its bytes
  private static int append(RecordBytes bytes, int at, MemorySegment pool, long page) {
    int length = IndexTuple.size(bytes, at);
    int number = PageHeader.maxOffsetNumber(pool, page) + 1;
    if (LoggedItems.add(bytes, at, length, pool, page, number, 0) == PageItems.NONE) {
      throw doesNotFit(length);
    }
    return length;
  }

  private int overwrite(RecordBytes bytes, int at, int number, MemorySegment pool, long page) {
    int length = IndexTuple.size(bytes, at);
    bytes.copyTo(at, length, tuple, 0);
    if (!IndexItems.overwrite(pool, page, number, tuple, 0, length)) {
      throw doesNotFit(length);
    }
    return length;
  }

  private static CorruptPageException doesNotFit(int length) {
    return new CorruptPageException(
        "failed to add item to GiST index page, size %d bytes".formatted(length));
  }
}
