package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;

/// A page of an index in the middle of a pool of three; what stands before and behind it must stay.
final class IndexFrame {

  static final long PAGE = PAGE_BYTES;
  static final int SPECIAL = PAGE_BYTES - 16;

  private static final byte GUARD = (byte) 0xA5;

  final MemorySegment pool = Arena.ofAuto().allocate(3 * PAGE, 8).fill(GUARD);

  /// A page without items, and with `garbage` all over its hole.
  IndexFrame empty(int garbage) {
    PageHeader.init(pool, PAGE, 16);
    pool.asSlice(PAGE + PageHeader.LENGTH, SPECIAL - PageHeader.LENGTH).fill((byte) garbage);
    return this;
  }

  IndexFrame add(byte[] item) {
    int number = PageHeader.maxOffsetNumber(pool, PAGE) + 1;
    PageItems.add(pool, PAGE, MemorySegment.ofArray(item), 0, item.length, number, 0);
    return this;
  }

  byte[] item(int number) {
    int length = LinePointer.length(LinePointer.get(pool, PAGE, number));
    long item = LinePointer.item(pool, PAGE, number);
    return pool.asSlice(item, length).toArray(ValueLayout.JAVA_BYTE);
  }

  int items() {
    return PageHeader.maxOffsetNumber(pool, PAGE);
  }

  /// How many bytes of the hole are none of `value`.
  long holeBytesOtherThan(int value) {
    long others = 0;
    int upper = PageHeader.upper(pool, PAGE);
    for (int at = PageHeader.lower(pool, PAGE); at < upper; at++) {
      others += u8(at) == value ? 0 : 1;
    }
    return others;
  }

  int u8(int at) {
    return PageBytes.u8(pool, PAGE + at);
  }

  int u16(int at) {
    return PageBytes.u16(pool, PAGE + at);
  }

  int i32(int at) {
    return PageBytes.i32(pool, PAGE + at);
  }

  long i64(int at) {
    return PageBytes.i64(pool, PAGE + at);
  }

  /// Fields of the special area, the flags last but one.
  IndexFrame special(int first, int second, int third, int flags, int last) {
    PageBytes.putI32(pool, PAGE + SPECIAL, first);
    PageBytes.putI32(pool, PAGE + SPECIAL + 4, second);
    PageBytes.putI32(pool, PAGE + SPECIAL + 8, third);
    PageBytes.putU16(pool, PAGE + SPECIAL + 12, flags);
    PageBytes.putU16(pool, PAGE + SPECIAL + 14, last);
    return this;
  }

  int[] special() {
    return new int[] {
      i32(SPECIAL), i32(SPECIAL + 4), i32(SPECIAL + 8), u16(SPECIAL + 12), u16(SPECIAL + 14)
    };
  }

  byte[] bytes() {
    return pool.asSlice(PAGE, PAGE).toArray(ValueLayout.JAVA_BYTE);
  }

  boolean neighboursAreUntouched() {
    var guard = new byte[PAGE_BYTES];
    Arrays.fill(guard, GUARD);
    return Arrays.equals(guard, pool.asSlice(0, PAGE).toArray(ValueLayout.JAVA_BYTE))
        && Arrays.equals(guard, pool.asSlice(2 * PAGE, PAGE).toArray(ValueLayout.JAVA_BYTE));
  }

  /// A plain tuple with a key of 8 bytes, for the row at block 0.
  static byte[] plain(int row, long key) {
    byte[] bytes = new byte[16];
    littleEndian(bytes).putInt(0).putShort((short) row).putShort((short) 16).putLong(key);
    return bytes;
  }

  /// A posting list with a key of 8 bytes, for rows at block 0.
  static byte[] posting(long key, int... rows) {
    byte[] bytes = new byte[PageBytes.maxAlign(16 + 6 * rows.length)];
    ByteBuffer to = littleEndian(bytes);
    to.putShort((short) 0).putShort((short) 16).putShort((short) (0x2000 | rows.length));
    to.putShort((short) (0x2000 | bytes.length)).putLong(key);
    for (int row : rows) {
      to.putInt(0).putShort((short) row);
    }
    return bytes;
  }

  static byte[] shorts(int... values) {
    byte[] bytes = new byte[2 * values.length];
    ByteBuffer to = littleEndian(bytes);
    for (int value : values) {
      to.putShort((short) value);
    }
    return bytes;
  }

  static byte[] ints(int... values) {
    byte[] bytes = new byte[4 * values.length];
    ByteBuffer to = littleEndian(bytes);
    for (int value : values) {
      to.putInt(value);
    }
    return bytes;
  }

  static byte[] join(byte[]... parts) {
    byte[] bytes = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    ByteBuffer to = littleEndian(bytes);
    for (byte[] part : parts) {
      to.put(part);
    }
    return bytes;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
