package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.walstream.redo.RedoException;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.block.BlockRedo;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;

/// One page in the middle of a pool of three, to redo records on; what stands before and behind it
/// must stay.
final class GuardedPage {

  static final long PAGE = PAGE_BYTES;

  private static final byte GUARD = (byte) 0xA5;

  final MemorySegment pool = Arena.ofAuto().allocate(3 * PAGE, 8).fill(GUARD);

  private final BlockRedo redo =
      new BlockRedo(new PageRedos(RedoProfile.newest(WalFormat.PG_18), false));

  static CraftedRecord record(Rmgr rmgr, int info) {
    return CraftedRecord.of(WalFormat.PG_18, rmgr.id(), info);
  }

  /// Redoes a block of the record on the page, which is made older than the record first.
  ///
  /// @return where the record ends
  long redo(CraftedRecord record, int blockId) throws RedoException {
    PageHeader.putLsn(pool, PAGE, 0);
    DecodedXLogRecord decoded = record.decoded();
    redo.redo(Rmgr.interpret(decoded), blockId, pool, PAGE);
    return decoded.endLsn();
  }

  /// Puts an item of these bytes behind the others.
  void add(byte[] item) {
    int number = PageHeader.maxOffsetNumber(pool, PAGE) + 1;
    PageItems.add(pool, PAGE, MemorySegment.ofArray(item), 0, item.length, number, 0);
  }

  byte[] item(int number) {
    int length = LinePointer.length(LinePointer.get(pool, PAGE, number));
    int at = (int) (LinePointer.item(pool, PAGE, number) - PAGE);
    return bytes(at, length);
  }

  int items() {
    return PageHeader.maxOffsetNumber(pool, PAGE);
  }

  int lower() {
    return PageHeader.lower(pool, PAGE);
  }

  int u16(int at) {
    return PageBytes.u16(pool, PAGE + at);
  }

  int i32(int at) {
    return PageBytes.i32(pool, PAGE + at);
  }

  byte[] bytes() {
    return bytes(0, PAGE_BYTES);
  }

  byte[] bytes(int at, int count) {
    return pool.asSlice(PAGE + at, count).toArray(ValueLayout.JAVA_BYTE);
  }

  void put(int at, byte[] bytes) {
    MemorySegment.copy(bytes, 0, pool, ValueLayout.JAVA_BYTE, PAGE + at, bytes.length);
  }

  void put(int at, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      PageBytes.putU8(pool, PAGE + at + i, bytes[i]);
    }
  }

  boolean neighboursAreUntouched() {
    var guard = new byte[PAGE_BYTES];
    Arrays.fill(guard, GUARD);
    return Arrays.equals(guard, pool.asSlice(0, PAGE).toArray(ValueLayout.JAVA_BYTE))
        && Arrays.equals(guard, pool.asSlice(2 * PAGE, PAGE).toArray(ValueLayout.JAVA_BYTE));
  }
}
