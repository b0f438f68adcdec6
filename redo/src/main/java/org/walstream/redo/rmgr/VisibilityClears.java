package org.walstream.redo.rmgr;

import static org.walstream.redo.page.VisibilityMapPage.ALL;
import static org.walstream.redo.page.VisibilityMapPage.ALL_FROZEN;
import static org.walstream.wal.rmgr.HeapRecord.Delete.XLH_DELETE_ALL_VISIBLE_CLEARED;
import static org.walstream.wal.rmgr.HeapRecord.Insert.XLH_INSERT_ALL_VISIBLE_CLEARED;
import static org.walstream.wal.rmgr.HeapRecord.Lock.XLH_LOCK_ALL_FROZEN_CLEARED;
import static org.walstream.wal.rmgr.HeapRecord.Update.XLH_UPDATE_NEW_ALL_VISIBLE_CLEARED;
import static org.walstream.wal.rmgr.HeapRecord.Update.XLH_UPDATE_OLD_ALL_VISIBLE_CLEARED;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.VisibilityMapPage;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.HeapRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.WalRecord;

/// Bits of the visibility map that go because a table's page changes. A record's flags say so; the
/// page of the map is one of its blocks, or, in older minor versions, only implied:
///
/// ```
///                         the table's pages         the map's
///  INSERT, MULTI_INSERT   block 0                   block 1
///  DELETE                 block 0                   block 1
///  LOCK, LOCK_UPDATED     block 0, ALL_FROZEN only  block 1
///  UPDATE, HOT_UPDATE     block 0, the new one      block 2, also for the old one if that is on
///                                                            it and has no block 3
///                         block 1, the old one,     block 3
///                         or block 0 if it is
///                         the same
/// ```
///
/// A page of the map that is implied is changed whatever its LSN, which stays; if it is missing, it
/// and the map are made.
///
/// Counterpart of heap_xlog_vm_clear() and parts of heap_xlog_update(),
/// src/backend/access/heap/heapam_xlog.c.
public final class VisibilityClears {

  /// Who is told of implied clears.
  @FunctionalInterface
  public interface Sink<X extends Exception> {

    /// @param blockId of the record's block whose relation it is, and whose block `heapBlock` is
    /// @param heapBlock the table's block whose bits are to go, unsigned
    /// @param bits which of them: of [VisibilityMapPage#ALL]
    void clear(int blockId, int heapBlock, int bits) throws X;
  }

  /// All of them.
  private static final int ANY_CLEARED =
      XLH_INSERT_ALL_VISIBLE_CLEARED
          | XLH_DELETE_ALL_VISIBLE_CLEARED
          | XLH_UPDATE_OLD_ALL_VISIBLE_CLEARED
          | XLH_UPDATE_NEW_ALL_VISIBLE_CLEARED
          | XLH_LOCK_ALL_FROZEN_CLEARED;

  private VisibilityClears() {}

  /// Tells what the record clears in pages of the map that it does not refer to, or to which its
  /// references are passed over.
  public static <X extends Exception> void forEach(
      DecodedXLogRecord decoded, RedoProfile profile, Sink<X> sink) throws X {
    if (mayClear(decoded)) {
      forEach(Rmgr.interpret(decoded), profile, sink);
    }
  }

  /// False for most records that clear nothing, without interpreting them: of others than Heap's
  /// and Heap2's, and with none of the flags that clear.
  private static boolean mayClear(DecodedXLogRecord decoded) {
    int rmgr = decoded.rmgrId();
    int flags =
        rmgr == Rmgr.HEAP.id()
            ? HeapRecord.visibilityFlags(decoded)
            : rmgr == Rmgr.HEAP2.id() ? Heap2Record.visibilityFlags(decoded) : 0;
    return (flags & ANY_CLEARED) != 0;
  }

  private static <X extends Exception> void forEach(
      WalRecord record, RedoProfile profile, Sink<X> sink) throws X {
    boolean heeds = profile.heedsVisibilityMapBlocks();
    if (record instanceof HeapRecord.Update update) {
      forBoth(update, heeds, sink);
      return;
    }
    int bits = bits(record);
    if (bits != 0 && !(heeds && record.record().hasBlock(1))) {
      sink.clear(0, record.record().block(0).blockNumber(), bits);
    }
  }

  private static <X extends Exception> void forBoth(
      HeapRecord.Update update, boolean heeds, Sink<X> sink) throws X {
    DecodedXLogRecord record = update.record();
    if (heeds && (record.hasBlock(2) || record.hasBlock(3))) {
      return;
    }
    if (clearsOld(update)) {
      int oldBlockId = HeapUpdate.oldBlockId(update);
      sink.clear(oldBlockId, record.block(oldBlockId).blockNumber(), ALL);
    }
    if (clearsNew(update)) {
      sink.clear(0, record.block(0).blockNumber(), ALL);
    }
  }

  /// True when block `blockId` of the record, which is none of VISIBLE, is a page of the map that
  /// the record clears bits on.
  static boolean isMapBlock(WalRecord record, int blockId) {
    return record instanceof HeapRecord.Update update
        ? (blockId == 2 || blockId == 3) && (clearsOld(update) || clearsNew(update))
        : blockId == 1 && bits(record) != 0;
  }

  /// Clears the bits on a page of the map that is block `blockId` of the record.
  static PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page) {
    boolean changed =
        record instanceof HeapRecord.Update update
            ? redoUpdate(update, blockId, pool, page)
            : clear(record.record(), blockId, 0, bits(record), pool, page);
    return changed ? PageChange.LOGGED : PageChange.NONE;
  }

  private static boolean redoUpdate(
      HeapRecord.Update update, int blockId, MemorySegment pool, long page) {
    DecodedXLogRecord record = update.record();
    int oldBlockId = HeapUpdate.oldBlockId(update);
    if (blockId == 3) {
      return clear(record, blockId, oldBlockId, ALL, pool, page);
    }
    boolean changed = clear(record, blockId, 0, ALL, pool, page);
    if (clearsOld(update) && isOn(record, blockId, oldBlockId)) {
      return clear(record, blockId, oldBlockId, ALL, pool, page) || changed;
    }
    return changed;
  }

  private static boolean clear(
      DecodedXLogRecord record,
      int blockId,
      int heapBlockId,
      int bits,
      MemorySegment pool,
      long page) {
    if (!isOn(record, blockId, heapBlockId)) {
      throw new CorruptPageException("wrong buffer passed to visibilitymap_clear");
    }
    int heapBlock = record.block(heapBlockId).blockNumber();
    return VisibilityMapPage.clear(pool, page, heapBlock, bits);
  }

  /// Whether the block of the map has the bits of the table's block.
  static boolean isOn(DecodedXLogRecord record, int mapBlockId, int heapBlockId) {
    return VisibilityMapPage.blockOf(record.block(heapBlockId).blockNumber())
        == record.block(mapBlockId).blockNumber();
  }

  /// Of records with one page of a table.
  private static int bits(WalRecord record) {
    return switch (record) {
      case HeapRecord.Insert insert -> all(insert.flags(), XLH_INSERT_ALL_VISIBLE_CLEARED);
      case HeapRecord.Delete delete -> all(delete.flags(), XLH_DELETE_ALL_VISIBLE_CLEARED);
      case HeapRecord.Lock lock -> frozen(lock.flags());
      case Heap2Record.MultiInsert insert -> all(insert.flags(), XLH_INSERT_ALL_VISIBLE_CLEARED);
      case Heap2Record.LockUpdated lock -> frozen(lock.flags());
      default -> 0;
    };
  }

  private static int all(int flags, int flag) {
    return (flags & flag) != 0 ? ALL : 0;
  }

  private static int frozen(int flags) {
    return (flags & XLH_LOCK_ALL_FROZEN_CLEARED) != 0 ? ALL_FROZEN : 0;
  }

  private static boolean clearsOld(HeapRecord.Update update) {
    return (update.flags() & XLH_UPDATE_OLD_ALL_VISIBLE_CLEARED) != 0;
  }

  private static boolean clearsNew(HeapRecord.Update update) {
    return (update.flags() & XLH_UPDATE_NEW_ALL_VISIBLE_CLEARED) != 0;
  }
}
