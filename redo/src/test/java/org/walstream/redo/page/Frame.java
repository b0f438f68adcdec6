package org.walstream.redo.page;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// One page in the middle of a pool of three; what stands before and behind it must stay.
final class Frame {

  static final long PAGE = PageHeader.PAGE_BYTES;

  private static final byte GUARD = (byte) 0xA5;

  final MemorySegment pool = Arena.ofAuto().allocate(3 * PAGE, 8).fill(GUARD);

  Frame() {
    pool.asSlice(PAGE, PAGE).fill((byte) 0);
  }

  static Frame of(byte[] page) {
    var frame = new Frame();
    frame.put(page);
    return frame;
  }

  void put(byte[] page) {
    MemorySegment.copy(page, 0, pool, ValueLayout.JAVA_BYTE, PAGE, page.length);
  }

  byte[] bytes() {
    return pool.asSlice(PAGE, PAGE).toArray(ValueLayout.JAVA_BYTE);
  }

  boolean neighboursAreUntouched() {
    var guard = new byte[(int) PAGE];
    Arrays.fill(guard, GUARD);
    return Arrays.equals(guard, pool.asSlice(0, PAGE).toArray(ValueLayout.JAVA_BYTE))
        && Arrays.equals(guard, pool.asSlice(2 * PAGE, PAGE).toArray(ValueLayout.JAVA_BYTE));
  }
}
