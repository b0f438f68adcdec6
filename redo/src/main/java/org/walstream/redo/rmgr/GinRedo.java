package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.IndexItems;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.GinMetadata;
import org.walstream.wal.rmgr.GinRecord;
import org.walstream.wal.rmgr.IndexTuple;
import org.walstream.wal.rmgr.WalRecord;

/// A GIN index: a tree of entries, on ordinary pages; a tree of TIDs for each common entry, on data
/// pages ([GinDataPage], [GinDataLeaf]); a list of what is pending; and a metapage.
///
/// Splits, and pages of entries that were vacuumed, are in their records as images.
///
/// Counterpart of gin_redo(), src/backend/access/gin/ginxlog.c.
final class GinRedo implements PageRedo {

  private static final int METADATA_AT = PageHeader.LENGTH;

  private final GinDataLeaf leaf = new GinDataLeaf();

  @Override
  public PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page) {
    return switch ((GinRecord) record) {
      case GinRecord.CreatePtree create -> createPtree(create, pool, page);
      case GinRecord.Insert insert -> insert(insert, blockId, pool, page);
      case GinRecord.Split split -> split(split, blockId, pool, page);
      case GinRecord.VacuumPage _ ->
          throw new CorruptPageException(
              "replay of gin entry tree page vacuum did not restore the page");
      case GinRecord.VacuumDataLeafPage vacuum -> vacuumDataLeafPage(vacuum, pool, page);
      case GinRecord.DeletePage delete -> deletePage(delete, blockId, pool, page);
      case GinRecord.UpdateMetaPage update -> updateMetaPage(update, blockId, pool, page);
      case GinRecord.InsertListpage insert -> insertListpage(insert, pool, page);
      case GinRecord.DeleteListpage delete -> deleteListpage(delete, blockId, pool, page);
    };
  }

  private static PageChange createPtree(
      GinRecord.CreatePtree create, MemorySegment pool, long page) {
    GinPage.init(pool, page, GinPage.DATA | GinPage.LEAF | GinPage.COMPRESSED);
    int size = create.size();
    if (size < 0 || size > GinDataPage.END - GinDataPage.FIRST) {
      throw new CorruptPageException("posting lists of %d bytes".formatted(size));
    }
    RecordBytes main = create.record().main();
    main.copyTo(create.postingListsAt(), size, pool, page + GinDataPage.FIRST);
    PageHeader.putLower(pool, page, GinDataPage.FIRST + size);
    return PageChange.LOGGED;
  }

  private PageChange insert(GinRecord.Insert insert, int blockId, MemorySegment pool, long page) {
    if (blockId != 0) {
      return insert.isLeaf() ? PageChange.NONE : completeSplit(pool, page);
    }
    int data = insert.isData() ? GinPage.DATA : 0;
    GinPage.check(pool, page, data | (insert.isLeaf() ? GinPage.LEAF : 0));
    if (insert.isRecompression()) {
      leaf.recompress(insert.recompression(), pool, page);
    } else if (insert.isData()) {
      GinDataPage.insert(
          pool,
          page,
          insert.offset(),
          insert.rightChildBlkno(),
          insert.change(),
          insert.newitemAt());
    } else {
      insertEntry(insert, pool, page);
    }
    return PageChange.LOGGED;
  }

  private static void insertEntry(GinRecord.Insert insert, MemorySegment pool, long page) {
    int offset = insert.offset();
    if (!insert.isLeaf() && insert.rightChildBlkno() != TidBytes.NO_BLOCK) {
      TidBytes.put(pool, tuple(pool, page, offset), insert.rightChildBlkno(), 0);
    }
    if (insert.isDelete()) {
      IndexItems.delete(pool, page, offset);
    }
    RecordBytes change = insert.change();
    int at = insert.tupleAt();
    int length = IndexTuple.size(change, at);
    if (LoggedItems.add(change, at, length, pool, page, offset, 0) == PageItems.NONE) {
      BlockReference block = insert.record().block(0);
      throw new CorruptPageException(
          "failed to add item to index page in %s".formatted(block.locator()));
    }
  }

  /// Where in the pool the tuple stands that leads to another page.
  private static long tuple(MemorySegment pool, long page, int offset) {
    int length = LinePointer.length(LinePointer.get(pool, page, offset));
    if (length < IndexTuple.HEADER_LENGTH) {
      throw new CorruptPageException("a tuple of %d bytes".formatted(length));
    }
    return LinePointer.item(pool, page, offset);
  }

  private static PageChange split(
      GinRecord.Split split, int blockId, MemorySegment pool, long page) {
    return switch (blockId) {
      case 0 -> throw noImage("left");
      case 1 -> throw noImage("right");
      case 2 -> throw noImage("root");
      default -> split.isLeaf() ? PageChange.NONE : completeSplit(pool, page);
    };
  }

  private static CorruptPageException noImage(String which) {
    return new CorruptPageException(
        "GIN split record did not contain a full-page image of %s page".formatted(which));
  }

  private static PageChange completeSplit(MemorySegment pool, long page) {
    GinPage.putFlags(pool, page, GinPage.flags(pool, page) & ~GinPage.INCOMPLETE_SPLIT);
    return PageChange.LOGGED;
  }

  private PageChange vacuumDataLeafPage(
      GinRecord.VacuumDataLeafPage vacuum, MemorySegment pool, long page) {
    GinPage.check(pool, page, GinPage.DATA | GinPage.LEAF);
    leaf.recompress(vacuum.recompression(), pool, page);
    return PageChange.LOGGED;
  }

  private static PageChange deletePage(
      GinRecord.DeletePage delete, int blockId, MemorySegment pool, long page) {
    switch (blockId) {
      case 0 -> {
        GinPage.putFlags(pool, page, GinPage.flags(pool, page) | GinPage.DELETED);
        PageHeader.putPruneXid(pool, page, delete.deleteXid());
      }
      case 1 -> {
        GinPage.check(pool, page, GinPage.DATA);
        GinDataPage.delete(pool, page, delete.parentOffset());
      }
      default -> GinPage.putRightlink(pool, page, delete.rightLink());
    }
    return PageChange.LOGGED;
  }

  private static PageChange updateMetaPage(
      GinRecord.UpdateMetaPage update, int blockId, MemorySegment pool, long page) {
    if (blockId == 0) {
      metapage(update.metadata(), pool, page);
    } else if (update.ntuples() > 0) {
      append(update.tuples(), update.ntuples(), pool, page);
      GinPage.putMaxoff(pool, page, GinPage.maxoff(pool, page) + 1);
    } else if (update.prevTail() != TidBytes.NO_BLOCK) {
      GinPage.putRightlink(pool, page, update.newRightlink());
    } else {
      return PageChange.NONE;
    }
    return PageChange.LOGGED;
  }

  private static PageChange insertListpage(
      GinRecord.InsertListpage insert, MemorySegment pool, long page) {
    boolean isTail = insert.rightlink() == TidBytes.NO_BLOCK;
    GinPage.init(pool, page, isTail ? GinPage.LIST | GinPage.LIST_FULLROW : GinPage.LIST);
    GinPage.putRightlink(pool, page, insert.rightlink());
    GinPage.putMaxoff(pool, page, isTail ? 1 : 0);
    append(insert.tuples(), insert.ntuples(), pool, page);
    return PageChange.LOGGED;
  }

  private static PageChange deleteListpage(
      GinRecord.DeleteListpage delete, int blockId, MemorySegment pool, long page) {
    if (blockId == 0) {
      metapage(delete.metadata(), pool, page);
    } else if (blockId <= delete.ndeleted()) {
      GinPage.init(pool, page, GinPage.DELETED);
    } else {
      return PageChange.NONE;
    }
    return PageChange.LOGGED;
  }

  private static void metapage(GinMetadata metadata, MemorySegment pool, long page) {
    GinPage.init(pool, page, GinPage.META);
    metadata.bytes().copyTo(metadata.at(), GinMetadata.LENGTH, pool, page + METADATA_AT);
    PageHeader.putLower(pool, page, METADATA_AT + GinMetadata.LENGTH);
  }

  private static void append(RecordBytes tuples, int count, MemorySegment pool, long page) {
    int at = 0;
    for (int tuple = 0; tuple < count; tuple++) {
      int number = PageHeader.maxOffsetNumber(pool, page) + 1;
      int length = IndexTuple.size(tuples, at);
      if (LoggedItems.add(tuples, at, length, pool, page, number, 0) == PageItems.NONE) {
        throw new CorruptPageException("failed to add item to index page");
      }
      at += length;
    }
  }
}
