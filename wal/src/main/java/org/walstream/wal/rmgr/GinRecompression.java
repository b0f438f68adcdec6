package org.walstream.wal.rmgr;

import org.walstream.wal.record.RecordBytes;

/// What becomes of the segments of a leaf page full of TIDs.
///
/// ```
/// offset  bytes  field
///      0      2  nactions
///   for each action:
///      0      1  segno
///      1      1  type        1 delete, 2 insert, 3 replace, 4 add items
///   inserted or replaced:
///      2      6  first       the segment's first TID
///      8      2  nbytes
///     10         bytes       the other TIDs, compressed; filled up to an even length
///   with items added:
///      2      2  nitems
///      4    6 n  items       TIDs
/// ```
///
/// Behind an action of another type nothing can be understood.
///
/// Counterpart of ginxlogRecompressDataLeaf and ginxlogSegmentAction, src/include/access/ginxlog.h.
/// Valid as long as its record is.
///
/// @param bytes the data of the page's block
public record GinRecompression(RecordBytes bytes) {

  /// GIN_SEGMENT_DELETE
  public static final int DELETE = 1;

  /// GIN_SEGMENT_INSERT
  public static final int INSERT = 2;

  /// GIN_SEGMENT_REPLACE
  public static final int REPLACE = 3;

  /// GIN_SEGMENT_ADDITEMS
  public static final int ADD_ITEMS = 4;

  /// Where in [#bytes] the first action stands.
  public static final int FIRST_ACTION = 2;

  private static final int ACTION_LENGTH = 2;
  private static final int POSTING_LIST_LENGTH = Tid.LENGTH + Short.BYTES;

  /// Whether all actions are there, up to one of an unknown type.
  boolean fit() {
    if (bytes.length() < FIRST_ACTION) {
      return false;
    }
    int at = FIRST_ACTION;
    for (int action = 0; action < nactions(); action++) {
      if (!actionFits(at)) {
        return false;
      }
      if (!isKnown(at)) {
        return true;
      }
      at = after(at);
    }
    return true;
  }

  private boolean actionFits(int at) {
    int behind = at + ACTION_LENGTH;
    if (!bytes.holds(at, 1, ACTION_LENGTH)) {
      return false;
    }
    return switch (type(at)) {
      case INSERT, REPLACE ->
          bytes.holds(behind, 1, POSTING_LIST_LENGTH)
              && bytes.holds(behind, 1, POSTING_LIST_LENGTH + nbytes(at));
      case ADD_ITEMS ->
          bytes.holds(behind, 1, Short.BYTES)
              && bytes.holds(behind + Short.BYTES, nitems(at), Tid.LENGTH);
      default -> true;
    };
  }

  public int nactions() {
    return bytes.u16(0);
  }

  public int segno(int action) {
    return bytes.u8(action);
  }

  public int type(int action) {
    return bytes.u8(action + 1);
  }

  public boolean isKnown(int action) {
    return type(action) >= DELETE && type(action) <= ADD_ITEMS;
  }

  /// How many items are added; 0 for other types.
  public int nitems(int action) {
    return type(action) == ADD_ITEMS ? bytes.u16(action + ACTION_LENGTH) : 0;
  }

  /// Where the action after this one, which is of a known type, stands.
  public int after(int action) {
    int behind = action + ACTION_LENGTH;
    return switch (type(action)) {
      case INSERT, REPLACE -> behind + POSTING_LIST_LENGTH + (nbytes(action) + 1 & -2);
      case ADD_ITEMS -> behind + Short.BYTES + Tid.LENGTH * nitems(action);
      default -> behind;
    };
  }

  private int nbytes(int action) {
    return bytes.u16(action + ACTION_LENGTH + Tid.LENGTH);
  }

  void fields(RecordFields out) {
    int[] at = new int[nactions()];
    int count = 0;
    int next = FIRST_ACTION;
    while (count < at.length) {
      at[count++] = next;
      if (!isKnown(next)) {
        break;
      }
      next = after(next);
    }
    out.list(
        "actions",
        count,
        (index, item) -> {
          int action = at[index];
          item.number("segno", segno(action));
          item.number("type", type(action));
          item.number("nitems", nitems(action));
        });
  }
}
