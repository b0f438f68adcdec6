package org.walstream.redo.page;

import java.lang.foreign.MemorySegment;

/// Where an item stands on its page: 32 bits, passed as an `int`.
///
/// ```
///  31             17 16 15 14              0
///  ┌────────────────┬─────┬─────────────────┐
///  │ lp_len         │flags│ lp_off          │
///  └────────────────┴─────┴─────────────────┘
/// ```
///
/// A [#REDIRECT] has the offset number of another line pointer in place of lp_off. An item has
/// storage when its length is not 0; heap's dead line pointers have none, those of an index do.
/// Offset numbers, by which line pointers are called, begin with 1.
///
/// Counterpart of ItemIdData, src/include/storage/itemid.h.
public final class LinePointer {

  /// LP_UNUSED and so on.
  public static final int UNUSED = 0;

  public static final int NORMAL = 1;
  public static final int REDIRECT = 2;
  public static final int DEAD = 3;

  static final int LENGTH = Integer.BYTES;

  private static final int OFFSET_MASK = 0x7FFF;
  private static final int FLAGS_SHIFT = 15;
  private static final int FLAGS_MASK = 3;
  private static final int LENGTH_SHIFT = 17;

  private LinePointer() {}

  public static int of(int offset, int flags, int length) {
    return offset | flags << FLAGS_SHIFT | length << LENGTH_SHIFT;
  }

  /// From the start of the page.
  public static int offset(int linePointer) {
    return linePointer & OFFSET_MASK;
  }

  public static int flags(int linePointer) {
    return linePointer >>> FLAGS_SHIFT & FLAGS_MASK;
  }

  /// In bytes, without the padding that follows.
  public static int length(int linePointer) {
    return linePointer >>> LENGTH_SHIFT;
  }

  public static boolean isUsed(int linePointer) {
    return flags(linePointer) != UNUSED;
  }

  public static boolean isNormal(int linePointer) {
    return flags(linePointer) == NORMAL;
  }

  public static boolean hasStorage(int linePointer) {
    return length(linePointer) != 0;
  }

  /// The same item elsewhere on the page.
  static int at(int linePointer, int offset) {
    return (linePointer & ~OFFSET_MASK) | (offset & OFFSET_MASK);
  }

  /// The line pointer of this offset number.
  ///
  /// @throws CorruptPageException if the page has none
  public static int get(MemorySegment pool, long page, int offsetNumber) {
    check(pool, page, offsetNumber);
    return read(pool, page, offsetNumber);
  }

  /// Overwrites the line pointer of this offset number.
  ///
  /// @throws CorruptPageException if the page has none
  public static void put(MemorySegment pool, long page, int offsetNumber, int linePointer) {
    check(pool, page, offsetNumber);
    write(pool, page, offsetNumber, linePointer);
  }

  /// Where the item of this offset number starts in the pool, all of it being on the page.
  ///
  /// @throws CorruptPageException if the page has no such line pointer, or that has no such item
  public static long item(MemorySegment pool, long page, int offsetNumber) {
    return item(page, get(pool, page, offsetNumber));
  }

  /// Where in the pool the item of this line pointer of the page starts, all of it being there.
  ///
  /// @throws CorruptPageException if there is no such item
  public static long item(long page, int linePointer) {
    int offset = offset(linePointer);
    int length = length(linePointer);
    if (length == 0 || offset < PageHeader.LENGTH || offset + length > PageHeader.PAGE_BYTES) {
      throw corrupt(offset, length);
    }
    return page + offset;
  }

  static CorruptPageException corrupt(int offset, int length) {
    return new CorruptPageException(
        "corrupted line pointer: offset = %d, size = %d".formatted(offset, length));
  }

  /// Without a check: for those who have counted the line pointers.
  static int read(MemorySegment pool, long page, int offsetNumber) {
    return PageBytes.i32(pool, place(page, offsetNumber));
  }

  static void write(MemorySegment pool, long page, int offsetNumber, int linePointer) {
    PageBytes.putI32(pool, place(page, offsetNumber), linePointer);
  }

  /// Where in the pool the line pointer stands.
  static long place(long page, int offsetNumber) {
    return page + PageHeader.LENGTH + (long) (offsetNumber - 1) * LENGTH;
  }

  static void check(MemorySegment pool, long page, int offsetNumber) {
    int lower = PageHeader.lower(pool, page);
    if (offsetNumber < 1
        || offsetNumber > PageHeader.maxOffsetNumber(lower)
        || lower > PageHeader.PAGE_BYTES) {
      throw new CorruptPageException("invalid offset number: " + offsetNumber);
    }
  }
}
