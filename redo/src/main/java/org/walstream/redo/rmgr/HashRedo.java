package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.HashRecord;
import org.walstream.wal.rmgr.WalRecord;

/// Hash indexes: which record does what to which of its blocks. How their pages look, [HashPage],
/// [HashMetapage] and [HashBitmapPage] say.
///
/// Some records refer to a bucket's first page only to have it locked while its tuples move; it
/// stays as it is, and so does its LSN.
///
/// Counterpart of hash_redo(), src/backend/access/hash/hash_xlog.c.
final class HashRedo implements PageRedo {

  private final RedoProfile profile;
  private final RecordItems items = new RecordItems();

  HashRedo(RedoProfile profile) {
    this.profile = profile;
  }

  @Override
  public PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page) {
    return switch ((HashRecord) record) {
      case HashRecord.InitMetaPage init -> initMetapage(init, pool, page);
      case HashRecord.InitBitmapPage init -> initBitmap(init, blockId, pool, page);
      case HashRecord.Insert insert -> insert(insert, blockId, pool, page);
      case HashRecord.AddOvflPage add -> addOverflowPage(add, blockId, pool, page);
      case HashRecord.SplitAllocatePage split -> allocate(split, blockId, pool, page);
      case HashRecord.SplitPage _ ->
          throw new CorruptPageException("Hash split record did not contain a full-page image");
      case HashRecord.SplitComplete split -> complete(split, blockId, pool, page);
      case HashRecord.MovePageContents move -> move(move, blockId, pool, page);
      case HashRecord.SqueezePage squeeze -> squeeze(squeeze, blockId, pool, page);
      case HashRecord.Delete delete -> delete(delete, blockId, pool, page);
      case HashRecord.SplitCleanup _ -> {
        HashPage.check(pool, page);
        HashPage.clear(pool, page, HashPage.NEEDS_SPLIT_CLEANUP);
        yield PageChange.LOGGED;
      }
      case HashRecord.UpdateMetaPage update -> {
        HashMetapage.putTuples(pool, page, update.ntuples());
        yield PageChange.LOGGED;
      }
      case HashRecord.VacuumOnePage vacuum -> vacuum(vacuum, blockId, pool, page);
    };
  }

  /// Buckets that are split get their flags from the record even so: the image was taken before
  /// they changed.
  @Override
  public PageChange afterImage(WalRecord record, int blockId, MemorySegment pool, long page) {
    return switch (record) {
      case HashRecord.SplitAllocatePage split when blockId == 0 ->
          allocate(split, blockId, pool, page);
      case HashRecord.SplitComplete split -> complete(split, blockId, pool, page);
      default -> PageChange.NONE;
    };
  }

  private static PageChange initMetapage(
      HashRecord.InitMetaPage init, MemorySegment pool, long page) {
    HashMetapage.init(pool, page, init.numTuples(), init.procid(), init.ffactor());
    return PageChange.LOGGED;
  }

  private static PageChange initBitmap(
      HashRecord.InitBitmapPage init, int blockId, MemorySegment pool, long page) {
    switch (blockId) {
      case 0 -> HashBitmapPage.init(pool, page, init.bmsize());
      case 1 -> HashMetapage.addFirstBitmap(pool, page);
      default -> {
        return PageChange.NONE;
      }
    }
    return PageChange.LOGGED;
  }

  private static PageChange insert(
      HashRecord.Insert insert, int blockId, MemorySegment pool, long page) {
    switch (blockId) {
      case 0 -> {
        RecordBytes tuple = insert.tuple();
        if (!RecordItems.add(tuple, 0, tuple.length(), pool, page, insert.offnum())) {
          throw new CorruptPageException("hash_xlog_insert: failed to add item");
        }
      }
      case 1 -> HashMetapage.addTuples(pool, page, 1);
      default -> {
        return PageChange.NONE;
      }
    }
    return PageChange.LOGGED;
  }

  private static PageChange addOverflowPage(
      HashRecord.AddOvflPage add, int blockId, MemorySegment pool, long page) {
    DecodedXLogRecord record = add.record();
    switch (blockId) {
      case 0 ->
          HashPage.init(
              pool, page, RecordBlocks.number(record, 1), add.bucket(), HashPage.OVERFLOW);
      case 1 -> {
        HashPage.check(pool, page);
        HashPage.putNext(pool, page, RecordBlocks.number(record, 0));
      }
      case 2 -> HashBitmapPage.set(pool, page, add.bitmapBit());
      case 3 -> HashBitmapPage.init(pool, page, add.bmsize());
      case 4 -> countOverflowPage(add, pool, page);
      default -> {
        return PageChange.NONE;
      }
    }
    return PageChange.LOGGED;
  }

  /// The page was free already, or the index has grown by it; and by a bitmap, when those that
  /// there are had no bit for it.
  private static void countOverflowPage(HashRecord.AddOvflPage add, MemorySegment pool, long page) {
    HashMetapage.putFirstFree(pool, page, add.firstfree());
    if (!add.bmpageFound()) {
      HashMetapage.addOverflowPage(pool, page);
      if (add.record().hasBlock(3)) {
        HashMetapage.addOverflowBitmap(pool, page, RecordBlocks.number(add.record(), 3));
      }
    }
  }

  private static PageChange allocate(
      HashRecord.SplitAllocatePage split, int blockId, MemorySegment pool, long page) {
    int bucket = split.newBucket();
    switch (blockId) {
      case 0 -> {
        HashPage.check(pool, page);
        HashPage.putFlag(pool, page, split.oldBucketFlag());
        HashPage.putPrev(pool, page, bucket);
      }
      case 1 -> HashPage.init(pool, page, bucket, bucket, split.newBucketFlag());
      case 2 -> {
        HashMetapage.putMaxBucket(pool, page, bucket);
        if (split.updatesMasks()) {
          HashMetapage.putMasks(pool, page, split.lowmask(), split.highmask());
        }
        if (split.updatesSplitpoint()) {
          HashMetapage.putSplitpoint(pool, page, split.ovflpoint(), split.spares());
        }
      }
      default -> {
        return PageChange.NONE;
      }
    }
    return PageChange.LOGGED;
  }

  private static PageChange complete(
      HashRecord.SplitComplete split, int blockId, MemorySegment pool, long page) {
    if (blockId > 1) {
      return PageChange.NONE;
    }
    HashPage.check(pool, page);
    int flag = blockId == 0 ? split.oldBucketFlag() : split.newBucketFlag();
    HashPage.putFlag(pool, page, flag);
    return PageChange.LOGGED;
  }

  private PageChange move(
      HashRecord.MovePageContents move, int blockId, MemorySegment pool, long page) {
    switch (blockId) {
      case 1 -> HashTuples.add(move.moved(), move.ntups(), pool, page);
      case 2 -> items.delete(move.record().block(2).data(), 0, move.ndeleted(), pool, page);
      default -> {
        return PageChange.NONE; // 0: locked
      }
    }
    return PageChange.LOGGED;
  }

  private PageChange squeeze(
      HashRecord.SqueezePage squeeze, int blockId, MemorySegment pool, long page) {
    boolean precedes = squeeze.isPrevBucketSameWrt();
    switch (blockId) {
      case 1 -> {
        HashTuples.add(squeeze.moved(), squeeze.ntups(), pool, page);
        if (precedes) {
          HashPage.check(pool, page);
          HashPage.putNext(pool, page, squeeze.nextblkno());
        }
        if (squeeze.ntups() == 0 && !precedes && !profile.marksUnchangedHashPages()) {
          return PageChange.NONE;
        }
      }
      case 2 -> HashPage.init(pool, page, HashPage.NONE, HashPage.NONE, HashPage.UNUSED);
      case 3 -> {
        if (precedes) {
          return PageChange.NONE;
        }
        HashPage.check(pool, page);
        HashPage.putNext(pool, page, squeeze.nextblkno());
      }
      case 4 -> {
        HashPage.check(pool, page);
        HashPage.putPrev(pool, page, squeeze.prevblkno());
      }
      case 5 -> HashBitmapPage.clear(pool, page, squeeze.bitmapBit());
      case 6 -> HashMetapage.putFirstFree(pool, page, squeeze.firstfree());
      default -> {
        return PageChange.NONE; // 0: locked
      }
    }
    return PageChange.LOGGED;
  }

  private PageChange delete(HashRecord.Delete delete, int blockId, MemorySegment pool, long page) {
    if (blockId != 1) {
      return PageChange.NONE; // 0: locked
    }
    items.delete(delete.record().block(1).data(), 0, delete.noffsets(), pool, page);
    if (delete.clearDeadMarking()) {
      HashPage.check(pool, page);
      HashPage.clear(pool, page, HashPage.HAS_DEAD_TUPLES);
    }
    return PageChange.LOGGED;
  }

  private PageChange vacuum(
      HashRecord.VacuumOnePage vacuum, int blockId, MemorySegment pool, long page) {
    switch (blockId) {
      case 0 -> {
        HashPage.check(pool, page);
        items.delete(
            vacuum.record().main(),
            HashRecord.VacuumOnePage.OFFSETS_AT,
            vacuum.ntuples(),
            pool,
            page);
        HashPage.clear(pool, page, HashPage.HAS_DEAD_TUPLES);
      }
      case 1 -> HashMetapage.addTuples(pool, page, -vacuum.ntuples());
      default -> {
        return PageChange.NONE;
      }
    }
    return PageChange.LOGGED;
  }
}
