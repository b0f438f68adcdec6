package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;
import static org.walstream.redo.rmgr.GinPostingList.BITS_PER_BYTE;
import static org.walstream.redo.rmgr.GinPostingList.HEADER_LENGTH;
import static org.walstream.redo.rmgr.GinPostingList.MAX_BYTES;
import static org.walstream.redo.rmgr.GinPostingList.MORE;
import static org.walstream.redo.rmgr.GinPostingList.putU16;

import org.walstream.redo.page.CorruptPageException;

/// Makes posting lists, one after another, each of any length that a page could have. One thread's.
///
/// Counterpart of ginCompressPostingList(), src/backend/access/gin/ginpostinglist.c.
final class GinPostingListWriter {

  private final byte[] bytes = new byte[PAGE_BYTES];
  private int at;
  private long last;

  /// Forgets the list before.
  void begin() {
    at = 0;
  }

  /// @throws CorruptPageException if the item is not behind the last one, or has no room
  void add(long item) {
    if (at == 0) {
      int block = GinPostingList.block(item);
      putU16(bytes, 0, block >>> 16);
      putU16(bytes, 2, block);
      putU16(bytes, 4, GinPostingList.offset(item));
      at = HEADER_LENGTH;
    } else {
      addDistance(item - last);
    }
    last = item;
  }

  private void addDistance(long distance) {
    if (distance <= 0) {
      throw new CorruptPageException("items of a posting list are not in order");
    }
    if (at > bytes.length - MAX_BYTES) {
      throw new CorruptPageException("items do not fit in one posting list");
    }
    long rest = distance;
    while (rest >= MORE) {
      bytes[at] = (byte) (rest | MORE);
      at++;
      rest >>>= BITS_PER_BYTE;
    }
    bytes[at] = (byte) rest;
    at++;
  }

  /// Ends the list, which has an item; it stands at the start of [#array].
  ///
  /// @return its bytes, with what fills it up
  int finish() {
    int length = at;
    putU16(bytes, GinPostingList.NBYTES, length - HEADER_LENGTH);
    if ((length & 1) != 0) {
      bytes[length] = 0;
      length++;
    }
    return length;
  }

  byte[] array() {
    return bytes;
  }
}
