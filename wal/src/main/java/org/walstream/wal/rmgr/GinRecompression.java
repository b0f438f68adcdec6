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

  public static final int GIN_SEGMENT_DELETE = 1;
  public static final int GIN_SEGMENT_INSERT = 2;
  public static final int GIN_SEGMENT_REPLACE = 3;
  public static final int GIN_SEGMENT_ADDITEMS = 4;

  /// Where in [#bytes] the first action stands.
  public static final int FIRST_ACTION = 2;

  /// Bytes of a TID, in a segment as among added items.
  public static final int ITEM_LENGTH = Tid.LENGTH;

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
      case GIN_SEGMENT_INSERT, GIN_SEGMENT_REPLACE ->
          bytes.holds(behind, 1, POSTING_LIST_LENGTH)
              && bytes.holds(behind, 1, POSTING_LIST_LENGTH + nbytes(at));
      case GIN_SEGMENT_ADDITEMS ->
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
    return type(action) >= GIN_SEGMENT_DELETE && type(action) <= GIN_SEGMENT_ADDITEMS;
  }

  /// Whether the action has a segment.
  public boolean isSegment(int action) {
    return type(action) == GIN_SEGMENT_INSERT || type(action) == GIN_SEGMENT_REPLACE;
  }

  /// How many items are added; 0 for other types.
  public int nitems(int action) {
    return type(action) == GIN_SEGMENT_ADDITEMS ? bytes.u16(action + ACTION_LENGTH) : 0;
  }

  /// Where the action after this one, which is of a known type, stands.
  public int after(int action) {
    int behind = action + ACTION_LENGTH;
    return switch (type(action)) {
      case GIN_SEGMENT_INSERT, GIN_SEGMENT_REPLACE -> behind + segmentLength(action);
      case GIN_SEGMENT_ADDITEMS -> itemsAt(action) + Tid.LENGTH * nitems(action);
      default -> behind;
    };
  }

  /// Where in [#bytes] the segment stands that is inserted, or takes another's place.
  public int segmentAt(int action) {
    return action + ACTION_LENGTH;
  }

  /// Bytes of the segment as it goes to the page, its header and filling included
  /// (SizeOfGinPostingList).
  public int segmentLength(int action) {
    return POSTING_LIST_LENGTH + (nbytes(action) + 1 & -2);
  }

  /// Where in [#bytes] the segment's first TID stands.
  public int firstAt(int action) {
    return segmentAt(action);
  }

  /// Bytes of the segment's compressed TIDs.
  public int nbytes(int action) {
    return bytes.u16(segmentAt(action) + Tid.LENGTH);
  }

  /// Where in [#bytes] the segment's compressed TIDs stand.
  public int bytesAt(int action) {
    return segmentAt(action) + POSTING_LIST_LENGTH;
  }

  /// Where in [#bytes] the TIDs stand that are added, each of [#ITEM_LENGTH].
  public int itemsAt(int action) {
    return action + ACTION_LENGTH + Short.BYTES;
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
          if (isSegment(action)) {
            item.number("nbytes", nbytes(action));
          }
        });
  }
}
