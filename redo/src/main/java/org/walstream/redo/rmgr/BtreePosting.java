package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageBytes.i32;
import static org.walstream.redo.page.PageBytes.maxAlign;
import static org.walstream.redo.page.PageBytes.putI32;
import static org.walstream.redo.page.PageBytes.putU16;
import static org.walstream.redo.page.PageBytes.u16;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;

/// Tuples of a B-tree's leaf, the posting lists among them: one key with the TIDs of all rows that
/// have it, in their order.
///
/// ```
///  plain tuple                        posting list
/// offset  bytes  field               offset  bytes  field
///      0      6  TID of the row           0      4  where the TIDs begin, the high half first
///      6      2  t_info                   4      2  0x2000 | how many TIDs
///      8         key, aligned             6      2  t_info | 0x2000
///                                         8         key, aligned
///                                         +    6 n  TIDs, and zeros up to a multiple of 8
/// ```
///
/// The low 13 bits of t_info are the size, padding included. A TID is passed as a `long` of 48
/// bits: only to be copied.
///
/// Counterpart of the functions on posting lists, src/include/access/nbtree.h and
/// src/backend/access/nbtree/nbtdedup.c.
final class BtreePosting {

  static final int HEADER_BYTES = 8;
  static final int TID_BYTES = 6;

  /// BTMaxItemSize: a third of a page, so that three fit with their line pointers, less one TID.
  static final int MAX_BYTES = 2704;

  private static final int OFFSET_NUMBER = 4;
  private static final int INFO = 6;

  private static final int SIZE_MASK = 0x1FFF;
  private static final int ALT_TID = 0x2000;
  private static final int IS_POSTING = 0x2000;
  private static final int COUNT_MASK = 0x0FFF;

  private BtreePosting() {}

  /// The tuple's size as it says itself, which is all of it.
  static int size(MemorySegment pool, long tuple) {
    return u16(pool, tuple + INFO) & SIZE_MASK;
  }

  static boolean isPosting(MemorySegment pool, long tuple) {
    return (u16(pool, tuple + INFO) & ALT_TID) != 0
        && (u16(pool, tuple + OFFSET_NUMBER) & IS_POSTING) != 0;
  }

  /// How many TIDs the tuple has: 1 without a list.
  static int count(MemorySegment pool, long tuple) {
    return isPosting(pool, tuple) ? u16(pool, tuple + OFFSET_NUMBER) & COUNT_MASK : 1;
  }

  /// Bytes of the tuple without its list.
  ///
  /// @throws CorruptPageException if it has one that is not within the tuple
  static int keyBytes(MemorySegment pool, long tuple) {
    int size = size(pool, tuple);
    if (!isPosting(pool, tuple)) {
      return size;
    }
    int keyBytes = u16(pool, tuple) << 16 | u16(pool, tuple + 2);
    int count = count(pool, tuple);
    if (keyBytes < HEADER_BYTES
        || keyBytes != maxAlign(keyBytes)
        || count == 0
        || keyBytes > size - count * TID_BYTES) {
      throw new CorruptPageException(
          "corrupted posting list: offset = %d, TIDs = %d, size = %d"
              .formatted(keyBytes, count, size));
    }
    return keyBytes;
  }

  /// Where the first of the TIDs is; others follow.
  ///
  /// @throws CorruptPageException as [#keyBytes]
  static long tids(MemorySegment pool, long tuple) {
    return isPosting(pool, tuple) ? tuple + keyBytes(pool, tuple) : tuple;
  }

  static long tid(MemorySegment pool, long at) {
    return tid(i32(pool, at), u16(pool, at + 4));
  }

  /// Of its first four bytes and its last two.
  static long tid(int block, int offsetNumber) {
    return (long) offsetNumber << 32 | Integer.toUnsignedLong(block);
  }

  static void putTid(MemorySegment pool, long at, long tid) {
    putI32(pool, at, (int) tid);
    putU16(pool, at + 4, (int) (tid >>> 32));
  }

  /// Bytes of a tuple of a key and so many TIDs.
  static int sizeOf(int keyBytes, int count) {
    return count > 1 ? maxAlign(keyBytes + count * TID_BYTES) : keyBytes;
  }

  /// Makes a tuple at `into` from the key of another one: all but its TIDs, which are to be put
  /// behind one another from the place on that is returned. There are [#sizeOf] bytes at `into`.
  ///
  /// Counterpart of what _bt_form_posting() and _bt_update_posting() have in common.
  static long begin(
      MemorySegment pool, long base, int keyBytes, int count, MemorySegment into, long to) {
    MemorySegment.copy(pool, base, into, to, keyBytes);
    int size = sizeOf(keyBytes, count);
    int info = (u16(pool, base + INFO) & ~(SIZE_MASK | ALT_TID)) | size;
    if (count == 1) {
      putU16(into, to + INFO, info);
      return to;
    }
    putI32(into, to + size - Long.BYTES, 0); // the padding is in the last 8 bytes
    putI32(into, to + size - Integer.BYTES, 0);
    putU16(into, to, keyBytes >>> 16);
    putU16(into, to + 2, keyBytes);
    putU16(into, to + OFFSET_NUMBER, IS_POSTING | count);
    putU16(into, to + INFO, info | ALT_TID);
    return to + keyBytes;
  }

  /// Puts a new TID in its place in a list, which remains as long as it is: its last TID leaves it,
  /// to become that of the new tuple behind the list.
  ///
  /// Counterpart of _bt_swap_posting().
  ///
  /// @param postingoff which TID the new one goes before
  /// @return the TID that was last
  /// @throws CorruptPageException if there is no list, or no such place in it
  static long swap(MemorySegment pool, long posting, int postingoff, long newTid) {
    int count = count(pool, posting);
    if (postingoff <= 0 || postingoff >= count) {
      throw new CorruptPageException(
          "posting list tuple with %d items cannot be split at offset %d"
              .formatted(count, postingoff));
    }
    long tids = tids(pool, posting);
    long last = tids + (long) (count - 1) * TID_BYTES;
    long lastTid = tid(pool, last);
    long place = tids + (long) postingoff * TID_BYTES;
    MemorySegment.copy(pool, place, pool, place + TID_BYTES, last - place);
    putTid(pool, place, newTid);
    return lastTid;
  }
}
