package org.walstream.redo.page;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// One page in the middle of a pool of three; what stands before and behind it must stay.
public final class Frame {

  public static final long PAGE = PageHeader.PAGE_BYTES;

  private static final byte GUARD = (byte) 0xA5;

  public final MemorySegment pool = Arena.ofAuto().allocate(3 * PAGE, 8).fill(GUARD);

  public Frame() {
    pool.asSlice(PAGE, PAGE).fill((byte) 0);
  }

  static Frame of(byte[] page) {
    var frame = new Frame();
    frame.put(page);
    return frame;
  }

  public void put(byte[] page) {
    MemorySegment.copy(page, 0, pool, ValueLayout.JAVA_BYTE, PAGE, page.length);
  }

  public byte[] bytes() {
    return pool.asSlice(PAGE, PAGE).toArray(ValueLayout.JAVA_BYTE);
  }

  public boolean neighboursAreUntouched() {
    var guard = new byte[(int) PAGE];
    Arrays.fill(guard, GUARD);
    return Arrays.equals(guard, pool.asSlice(0, PAGE).toArray(ValueLayout.JAVA_BYTE))
        && Arrays.equals(guard, pool.asSlice(2 * PAGE, PAGE).toArray(ValueLayout.JAVA_BYTE));
  }
}
