package org.walstream.redo.rmgr;

import static org.walstream.redo.rmgr.GinPostingList.BITS_PER_BYTE;
import static org.walstream.redo.rmgr.GinPostingList.HEADER_LENGTH;
import static org.walstream.redo.rmgr.GinPostingList.MAX_BYTES;
import static org.walstream.redo.rmgr.GinPostingList.MORE;

import org.walstream.redo.page.CorruptPageException;

/// Reads the items of one posting list after another. One thread's.
///
/// Counterpart of ginPostingListDecode(), src/backend/access/gin/ginpostinglist.c.
final class GinPostingListReader {

  private byte[] bytes = {};
  private int start;
  private int at;
  private int end;
  private long item;

  /// Goes in front of the first item of the list at `at`, which is there whole
  /// ([GinPostingList#size]).
  void begin(byte[] bytes, int at) {
    this.bytes = bytes;
    this.start = at;
    this.at = at;
    this.end = at + HEADER_LENGTH + GinPostingList.nbytes(bytes, at);
  }

  /// Goes to the next item; false when there is none.
  ///
  /// @throws CorruptPageException if what stands there is none
  boolean next() {
    if (at == start) {
      item = GinPostingList.tid(bytes, at);
      at += HEADER_LENGTH;
      return true;
    }
    if (at == end) {
      return false;
    }
    item = GinPostingList.check(item + distance());
    return true;
  }

  long item() {
    return item;
  }

  private long distance() {
    long distance = 0;
    int shift = 0;
    int read;
    do {
      if (at == end || shift == MAX_BYTES * BITS_PER_BYTE) {
        throw new CorruptPageException("posting list at %d has half an item".formatted(start));
      }
      read = bytes[at];
      at++;
      distance |= (long) (read & MORE - 1) << shift;
      shift += BITS_PER_BYTE;
    } while ((read & MORE) != 0);
    return distance;
  }
}
