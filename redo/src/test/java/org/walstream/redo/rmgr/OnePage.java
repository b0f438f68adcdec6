package org.walstream.redo.rmgr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.walstream.redo.RedoException;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.block.BlockRedo;
import org.walstream.redo.page.Frame;
import org.walstream.redo.page.HeapTuple;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;

/// A page on which records to order are redone.
final class OnePage {

  static final RedoProfile HEEDS = new RedoProfile(WalFormat.PG_18, 6);
  static final RedoProfile HEEDS_NOT = new RedoProfile(WalFormat.PG_18, 5);

  final Frame frame = new Frame();
  final BlockRedo redo;

  OnePage(RedoProfile profile, boolean logsHints) {
    redo = new BlockRedo(new PageRedos(profile, logsHints));
  }

  /// A table's page with `count` tuples of 8 bytes each, all visible.
  static OnePage ofTable(RedoProfile profile, int count) {
    var page = new OnePage(profile, false);
    PageHeader.init(page.frame.pool, Frame.PAGE, 0);
    PageHeader.set(page.frame.pool, Frame.PAGE, PageHeader.ALL_VISIBLE);
    for (int number = 1; number <= count; number++) {
      page.addTuple(number, 32);
    }
    return page;
  }

  /// A page of a visibility map on which everything is visible and frozen.
  static OnePage ofMap(RedoProfile profile) {
    var page = new OnePage(profile, false);
    PageHeader.init(page.frame.pool, Frame.PAGE, 0);
    page.frame.pool.asSlice(Frame.PAGE + PageHeader.LENGTH, 8168).fill((byte) 0xFF);
    return page;
  }

  /// A tuple with every bit set that records clear, and 0xEE for columns.
  void addTuple(int number, int length) {
    PageItems.reserve(frame.pool, Frame.PAGE, length, number, PageItems.OVERWRITE);
    long at = tuple(number);
    frame.pool.asSlice(at, length).fill((byte) 0xEE);
    PageBytes.putU16(frame.pool, at + HeapTuple.INFOMASK, 0xDFFC);
    PageBytes.putU16(frame.pool, at + HeapTuple.INFOMASK2, 0xE003);
    PageBytes.putU8(frame.pool, at + HeapTuple.HOFF, 24);
  }

  RedoAction redo(DecodedXLogRecord record, int blockId) throws RedoException {
    return redo.redo(Rmgr.interpret(record), blockId, frame.pool, Frame.PAGE);
  }

  boolean passesOver(DecodedXLogRecord record, int blockId) {
    return redo.passesOver(Rmgr.interpret(record), blockId);
  }

  long tuple(int number) {
    return LinePointer.item(frame.pool, Frame.PAGE, number);
  }

  int xmin(int number) {
    return PageBytes.i32(frame.pool, tuple(number) + HeapTuple.XMIN);
  }

  int xmax(int number) {
    return PageBytes.i32(frame.pool, tuple(number) + HeapTuple.XMAX);
  }

  int cid(int number) {
    return PageBytes.i32(frame.pool, tuple(number) + HeapTuple.CID);
  }

  int infomask(int number) {
    return PageBytes.u16(frame.pool, tuple(number) + HeapTuple.INFOMASK);
  }

  int infomask2(int number) {
    return PageBytes.u16(frame.pool, tuple(number) + HeapTuple.INFOMASK2);
  }

  /// As `block/number`, in hexadecimal.
  String ctid(int number) {
    long at = tuple(number);
    return "%X/%X"
        .formatted(
            PageBytes.u16(frame.pool, at + HeapTuple.CTID_BLOCK) << 16
                | PageBytes.u16(frame.pool, at + HeapTuple.CTID_BLOCK + 2),
            PageBytes.u16(frame.pool, at + HeapTuple.CTID_OFFSET_NUMBER));
  }

  boolean allVisible() {
    return PageHeader.has(frame.pool, Frame.PAGE, PageHeader.ALL_VISIBLE);
  }

  long lsn() {
    return PageHeader.lsn(frame.pool, Frame.PAGE);
  }

  static CraftedRecord heap(int info) {
    return CraftedRecord.of(WalFormat.PG_18, Rmgr.HEAP.id(), info);
  }

  static CraftedRecord heap2(int info) {
    return CraftedRecord.of(WalFormat.PG_18, Rmgr.HEAP2.id(), info);
  }

  /// A tuple as records have it: 2 columns, some of the bits that records must not set, then these
  /// bytes.
  static byte[] logged(int... data) {
    var bytes = ByteBuffer.allocate(5 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort((short) 2).putShort((short) (0x0800 | HeapTuple.COMBOCID)).put((byte) 24);
    for (int each : data) {
      bytes.put((byte) each);
    }
    return bytes.array();
  }
}
