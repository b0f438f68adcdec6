package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageBytes.u8;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;

/// Which overflow pages of a hash index are in use: one bit each behind the page's header, the
/// lowest of a byte first.
///
/// Counterpart of _hash_initbitmapbuffer(), src/backend/access/hash/hashovfl.c.
final class HashBitmapPage {

  /// HashGetMaxBitmapSize()
  static final int MAX_BYTES = HashPage.SPECIAL - PageHeader.LENGTH;

  private HashBitmapPage() {}

  /// Makes a bitmap of so many bytes with all its bits set: what there is not, is not free.
  static void init(MemorySegment pool, long page, int bytes) {
    if (bytes > MAX_BYTES) {
      throw new CorruptPageException("a bitmap of " + bytes + " bytes");
    }
    HashPage.init(pool, page, HashPage.NONE, HashPage.NONE, HashPage.BITMAP);
    long bitmap = page + PageHeader.LENGTH;
    for (int i = 0; i < bytes; i++) {
      PageBytes.putU8(pool, bitmap + i, 0xFF);
    }
    PageHeader.putLower(pool, page, PageHeader.LENGTH + bytes);
  }

  static void set(MemorySegment pool, long page, int bit) {
    long place = place(pool, page, bit);
    PageBytes.putU8(pool, place, u8(pool, place) | (1 << (bit & 7)));
  }

  static void clear(MemorySegment pool, long page, int bit) {
    long place = place(pool, page, bit);
    PageBytes.putU8(pool, place, u8(pool, place) & ~(1 << (bit & 7)));
  }

  private static long place(MemorySegment pool, long page, int bit) {
    HashPage.check(pool, page);
    int place = bit >>> 3;
    if (place >= MAX_BYTES) {
      throw new CorruptPageException(
          "invalid overflow bit number " + Integer.toUnsignedString(bit));
    }
    return page + PageHeader.LENGTH + place;
  }
}
