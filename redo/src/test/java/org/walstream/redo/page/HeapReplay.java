package org.walstream.redo.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;
import static org.walstream.redo.page.PageItems.IS_HEAP;
import static org.walstream.redo.page.PageItems.NONE;
import static org.walstream.redo.page.PageItems.OVERWRITE;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.PageImage;
import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.HeapRecord;
import org.walstream.wal.rmgr.LoggedTuple;
import org.walstream.wal.rmgr.PruneFreeze;
import org.walstream.wal.rmgr.Rmgr;

/// As much of heap's redo as a table needs that is filled once and then vacuumed: enough to see
/// pages change as the server's.
final class HeapReplay {

  private static final int HEAP_COMBOCID = 0x0020;

  final MemorySegment pages;
  private final int relNumber;
  private final HeapItems items = new HeapItems();
  private final PageImage images = new PageImage();

  int inserted;
  int pruned;
  int vacuumed;
  int checked;

  /// @param pages the table's, with room for those to come
  HeapReplay(MemorySegment pages, int relNumber) {
    this.pages = pages;
    this.relNumber = relNumber;
  }

  /// Redoes what the record does to the table, which must be something known here.
  void redo(DecodedXLogRecord record) {
    for (int id = 0; id <= record.maxBlockId(); id++) {
      if (isOurs(record, id) && !redoBlock(record, id)) {
        throw new IllegalStateException("not expected: " + Rmgr.interpret(record));
      }
    }
  }

  private boolean redoBlock(DecodedXLogRecord record, int id) {
    BlockReference block = record.block(id);
    if (block.hasImage()) {
      return false;
    }
    if (Rmgr.interpret(record) instanceof Heap2Record.Visible) {
      PageHeader.set(pages, ServerPages.page(block.blockNumber()), PageHeader.ALL_VISIBLE);
      return true;
    }
    return id == 0 && redoBlock0(record);
  }

  /// Redoes what is known here, and holds it against the image that the record has for that; takes
  /// the image of all else.
  void redoAndCheck(DecodedXLogRecord record) {
    for (int id = 0; id <= record.maxBlockId(); id++) {
      if (isOurs(record, id)) {
        BlockReference block = record.block(id);
        long page = ServerPages.page(block.blockNumber());
        if (id == 0 && !block.appliesImage() && redoBlock0(record)) {
          check(record, page);
        } else if (block.hasImage()) {
          restore(record, id, pages, page);
        }
      }
    }
  }

  private boolean isOurs(DecodedXLogRecord record, int id) {
    return record.hasBlock(id)
        && record.block(id).relNumber() == relNumber
        && record.block(id).forkNumber() == 0;
  }

  private void check(DecodedXLogRecord record, long page) {
    MemorySegment ours = MemorySegment.ofArray(new byte[PAGE_BYTES]);
    MemorySegment servers = MemorySegment.ofArray(new byte[PAGE_BYTES]);
    MemorySegment.copy(pages, page, ours, 0, PAGE_BYTES);
    restore(record, 0, servers, 0);
    Rmgr rmgr = Objects.requireNonNull(Rmgr.ofId(record.rmgrId()));
    int blockNumber = record.block(0).blockNumber();
    assertThat(ConsistencyMask.apply(rmgr, ours, 0, blockNumber)).isTrue();
    assertThat(ConsistencyMask.apply(rmgr, servers, 0, blockNumber)).isTrue();
    assertThat(ours.mismatch(servers)).as("%s", Rmgr.interpret(record)).isEqualTo(-1);
    checked++;
  }

  private void restore(DecodedXLogRecord record, int id, MemorySegment into, long at) {
    assertThat(images.restoreInto(record, id, into, at)).isNull();
  }

  /// @return false when the record is none that is known here
  private boolean redoBlock0(DecodedXLogRecord record) {
    long page = ServerPages.page(record.block(0).blockNumber());
    switch (Rmgr.interpret(record)) {
      case HeapRecord.Insert insert -> insert(insert, page);
      case Heap2Record.Prune prune -> {
        for (int i = 0; i < prune.nredirected(); i++) {
          redirect(page, prune.redirectedFrom(i), prune.redirectedTo(i));
        }
        putAll(page, prune.ndead(), prune::dead, LinePointer.DEAD);
        putAll(page, prune.nunused(), prune::unused, LinePointer.UNUSED);
        items.repairFragmentation(pages, page);
        pruned++;
      }
      case Heap2Record.Vacuum vacuum -> {
        putAll(page, vacuum.nunused(), vacuum::unused, LinePointer.UNUSED);
        HeapItems.truncateLinePointerArray(pages, page);
        vacuumed++;
      }
      case PruneFreeze prune when prune.nplans() == 0 -> pruneFreeze(prune, page);
      default -> {
        return false;
      }
    }
    PageHeader.putLsn(pages, page, record.endLsn());
    return true;
  }

  private void insert(HeapRecord.Insert insert, long page) {
    DecodedXLogRecord record = insert.record();
    LoggedTuple tuple = insert.tuple();
    if (tuple == null) {
      throw new IllegalStateException("no tuple");
    }
    if (record.block(0).willInit()) {
      PageHeader.init(pages, page, 0);
    }
    int number = insert.offnum();
    int length = HeapTuple.LENGTH + tuple.dataLength();
    if (PageItems.reserve(pages, page, length, number, OVERWRITE | IS_HEAP) == NONE) {
      throw new IllegalStateException("no room for " + insert);
    }
    long at = LinePointer.item(pages, page, number);
    int block = record.block(0).blockNumber();
    PageBytes.putI32(pages, at + HeapTuple.XMIN, record.xid());
    PageBytes.putI32(pages, at + HeapTuple.XMAX, 0);
    PageBytes.putI32(pages, at + HeapTuple.CID, 0);
    PageBytes.putU16(pages, at + HeapTuple.CTID_BLOCK, block >>> 16);
    PageBytes.putU16(pages, at + HeapTuple.CTID_BLOCK + 2, block);
    PageBytes.putU16(pages, at + HeapTuple.CTID_OFFSET_NUMBER, number);
    PageBytes.putU16(pages, at + HeapTuple.INFOMASK2, tuple.tInfomask2());
    PageBytes.putU16(pages, at + HeapTuple.INFOMASK, tuple.tInfomask() & ~HEAP_COMBOCID);
    PageBytes.putU8(pages, at + HeapTuple.HOFF, tuple.tHoff());
    tuple.bytes().copyTo(tuple.dataAt(), tuple.dataLength(), pages, at + HeapTuple.LENGTH);
    inserted++;
  }

  private void pruneFreeze(PruneFreeze prune, long page) {
    for (int i = 0; i < prune.nredirected(); i++) {
      redirect(page, prune.redirectedFrom(i), prune.redirectedTo(i));
    }
    putAll(page, prune.ndead(), prune::dead, LinePointer.DEAD);
    putAll(page, prune.nunused(), prune::unused, LinePointer.UNUSED);
    if ((prune.flags() & PruneFreeze.XLHP_CLEANUP_LOCK) != 0) {
      items.repairFragmentation(pages, page);
      pruned++;
    } else {
      HeapItems.truncateLinePointerArray(pages, page);
      vacuumed++;
    }
  }

  private void redirect(long page, int from, int to) {
    LinePointer.put(pages, page, from, LinePointer.of(to, LinePointer.REDIRECT, 0));
  }

  private void putAll(long page, int count, IntUnaryOperator numbers, int flags) {
    for (int i = 0; i < count; i++) {
      LinePointer.put(pages, page, numbers.applyAsInt(i), LinePointer.of(0, flags, 0));
    }
  }
}
