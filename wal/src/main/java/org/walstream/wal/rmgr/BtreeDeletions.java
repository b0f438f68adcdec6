package org.walstream.wal.rmgr;

import org.walstream.wal.record.RecordBytes;

/// Which tuples of a leaf page go, and which keep only some of their TIDs.
///
/// ```
/// bytes  field     (data of the page's block)
///   2 n  deleted   line pointers
///   2 n  updated   line pointers, of posting lists
///        for each updated one:
///     2  ndeletedtids
///   2 n  ptids     the TIDs to go, counted from 0 within the posting list
/// ```
///
/// Counterpart of the payload of xl_btree_vacuum and xl_btree_delete, and of xl_btree_update,
/// src/include/access/nbtxlog.h. Valid as long as its record is.
///
/// @param ndeleted 0, as `nupdated`, when the block has an image in place of the data
public record BtreeDeletions(RecordBytes bytes, int ndeleted, int nupdated) {

  static BtreeDeletions of(RecordBytes bytes, int ndeleted, int nupdated) {
    return bytes.length() == 0
        ? new BtreeDeletions(bytes, 0, 0)
        : new BtreeDeletions(bytes, ndeleted, nupdated);
  }

  boolean fit() {
    if (!bytes.holds(0, ndeleted + nupdated, Short.BYTES)) {
      return false;
    }
    int at = firstUpdateAt();
    for (int update = 0; update < nupdated; update++) {
      if (!bytes.holds(at, 1, Short.BYTES)
          || !bytes.holds(at + Short.BYTES, ndeletedtids(at), Short.BYTES)) {
        return false;
      }
      at = updateAfter(at);
    }
    return true;
  }

  public int deleted(int index) {
    return bytes.u16(Short.BYTES * index);
  }

  /// Where in [#bytes] the line pointers stand that are updated; those deleted are at 0.
  public int updatedAt() {
    return Short.BYTES * ndeleted;
  }

  public int updated(int index) {
    return bytes.u16(updatedAt() + Short.BYTES * index);
  }

  /// Where in [#bytes] it says what becomes of the first updated tuple.
  public int firstUpdateAt() {
    return updatedAt() + Short.BYTES * nupdated;
  }

  /// Where it says so of the one after that at `update`.
  public int updateAfter(int update) {
    return ptidsAt(update) + Short.BYTES * ndeletedtids(update);
  }

  public int ndeletedtids(int update) {
    return bytes.u16(update);
  }

  public int ptidsAt(int update) {
    return update + Short.BYTES;
  }

  /// @param index below [#ndeletedtids] of `update`
  public int ptid(int update, int index) {
    return bytes.u16(ptidsAt(update) + Short.BYTES * index);
  }

  void fields(RecordFields out) {
    out.numbers("deleted", ndeleted, this::deleted);
    int[] updates = new int[nupdated];
    for (int i = 0; i < nupdated; i++) {
      updates[i] = i == 0 ? firstUpdateAt() : updateAfter(updates[i - 1]);
    }
    out.list(
        "updated",
        nupdated,
        (index, item) -> {
          item.number("off", updated(index));
          int update = updates[index];
          item.numbers("ptids", ndeletedtids(update), ptid -> ptid(update, ptid));
        });
  }
}
