package org.walstream.redo.rmgr;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;
import static org.walstream.wal.rmgr.GinRecompression.GIN_SEGMENT_ADDITEMS;
import static org.walstream.wal.rmgr.GinRecompression.GIN_SEGMENT_DELETE;
import static org.walstream.wal.rmgr.GinRecompression.GIN_SEGMENT_INSERT;
import static org.walstream.wal.rmgr.GinRecompression.GIN_SEGMENT_REPLACE;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.GinRecompression;
import org.walstream.wal.rmgr.Tid;

/// Leaves of the tree that the TIDs of a common entry have: posting lists, here called segments,
/// one behind the other.
///
/// ```
///      0        24          32                                  pd_lower     8184
///      ┌────────┬───────────┬───────────┬───────────┬────────────┬────────────┬────────┐
///      │ header │ right TID │ segment 0 │ segment 1 │ …          │            │ GIN's  │
///      └────────┴───────────┴───────────┴───────────┴────────────┴────────────┴────────┘
/// ```
///
/// They are written anew from the first on that changes, read from a copy of what was there. What
/// then stands behind their end is what stood there before.
///
/// Has room for that copy: one object per thread.
///
/// Counterpart of ginRedoRecompress(), src/backend/access/gin/ginxlog.c.
final class GinDataLeaf {

  private final byte[] old = new byte[PAGE_BYTES];
  private final GinPostingListReader reader = new GinPostingListReader();
  private final GinPostingListWriter writer = new GinPostingListWriter();

  private MemorySegment pool = MemorySegment.NULL;
  private long page;

  /// The next of the old segments: its number, and where it stands, or where all of them end.
  private int segno;

  private int read;
  private int end;

  /// Up to where the page is as it shall be. What stands behind that has not been touched, so what
  /// is to stay where it is need not be copied.
  private int write;

  /// Does to the page what the record says of its segments.
  ///
  /// @throws CorruptPageException if the page has no such segments, or no room for new ones
  void recompress(GinRecompression actions, MemorySegment pool, long page) {
    begin(pool, page);
    int action = GinRecompression.FIRST_ACTION;
    for (int left = actions.nactions(); left > 0; left--) {
      if (!actions.isKnown(action)) {
        throw new CorruptPageException("unexpected GIN leaf action: " + actions.type(action));
      }
      keepUpTo(actions.segno(action));
      change(actions, action);
      action = actions.after(action);
    }
    keep(end - read);
    PageHeader.putLower(pool, page, write);
  }

  private void begin(MemorySegment pool, long page) {
    this.pool = pool;
    this.page = page;
    if ((GinPage.flags(pool, page) & GinPage.COMPRESSED) == 0) {
      compress();
    }
    end = PageHeader.lower(pool, page);
    if (end < GinDataPage.FIRST || end > GinDataPage.END) {
      throw new CorruptPageException("posting lists of a page end at " + end);
    }
    segno = 0;
    read = GinDataPage.FIRST;
    write = GinDataPage.FIRST;
    copyOld(end - read);
  }

  /// A page from before PostgreSQL 9.4 has plain TIDs: they become one segment, if there are any.
  private void compress() {
    int count = GinPage.maxoff(pool, page);
    int bytes = count * Tid.LENGTH;
    if (bytes > GinDataPage.END - GinDataPage.FIRST) {
      throw new CorruptPageException("a page of %d uncompressed items".formatted(count));
    }
    write = GinDataPage.FIRST;
    if (count > 0) {
      copyOld(bytes);
      writer.begin();
      for (int item = 0; item < count; item++) {
        writer.add(GinPostingList.tid(old, GinDataPage.FIRST + item * Tid.LENGTH));
      }
      putWritten();
    }
    PageHeader.putLower(pool, page, write);
    GinPage.putFlags(pool, page, GinPage.flags(pool, page) | GinPage.COMPRESSED);
    GinPage.putMaxoff(pool, page, 0);
  }

  private void change(GinRecompression actions, int action) {
    switch (actions.type(action)) {
      case GIN_SEGMENT_DELETE -> pass();
      case GIN_SEGMENT_INSERT -> putLogged(actions, action);
      case GIN_SEGMENT_REPLACE -> {
        pass();
        putLogged(actions, action);
      }
      case GIN_SEGMENT_ADDITEMS -> {
        int segment = read;
        pass();
        merge(segment, actions.bytes(), actions.itemsAt(action), actions.nitems(action));
        putWritten();
      }
      default -> throw new AssertionError(action);
    }
  }

  /// Makes one segment of an old one and of TIDs in the record. Those that are in both are there
  /// once.
  private void merge(int segment, RecordBytes record, int itemsAt, int count) {
    reader.begin(old, segment);
    writer.begin();
    boolean hasOld = reader.next();
    for (int item = 0; item < count; item++) {
      int at = itemsAt + item * Tid.LENGTH;
      long added = GinPostingList.item(Tid.block(record, at), Tid.offset(record, at));
      while (hasOld && reader.item() < added) {
        writer.add(reader.item());
        hasOld = reader.next();
      }
      if (hasOld && reader.item() == added) {
        hasOld = reader.next();
      }
      writer.add(added);
    }
    while (hasOld) {
      writer.add(reader.item());
      hasOld = reader.next();
    }
  }

  /// Keeps the old segments before the one of this number.
  private void keepUpTo(int number) {
    if (number < segno) {
      throw new CorruptPageException("segment %d comes after %d".formatted(number, segno));
    }
    int bytes = 0;
    for (; segno < number; segno++) {
      bytes += GinPostingList.size(old, read + bytes, end);
    }
    keep(bytes);
  }

  private void keep(int bytes) {
    checkRoom(bytes);
    if (read != write) {
      MemorySegment.copy(old, read, pool, JAVA_BYTE, page + write, bytes);
    }
    read += bytes;
    write += bytes;
  }

  /// Leaves out the next of the old segments.
  private void pass() {
    read += GinPostingList.size(old, read, end);
    segno++;
  }

  private void putLogged(GinRecompression actions, int action) {
    int bytes = actions.segmentLength(action);
    checkRoom(bytes);
    actions.bytes().copyTo(actions.segmentAt(action), bytes, pool, page + write);
    write += bytes;
  }

  private void putWritten() {
    int bytes = writer.finish();
    checkRoom(bytes);
    MemorySegment.copy(writer.array(), 0, pool, JAVA_BYTE, page + write, bytes);
    write += bytes;
  }

  private void copyOld(int bytes) {
    int from = GinDataPage.FIRST;
    MemorySegment.copy(pool, JAVA_BYTE, page + from, old, from, bytes);
  }

  private void checkRoom(int bytes) {
    if (write + bytes > GinDataPage.END) {
      throw new CorruptPageException(
          "no room for a posting list of %d bytes at %d".formatted(bytes, write));
    }
  }
}
