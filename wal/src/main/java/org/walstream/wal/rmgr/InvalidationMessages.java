package org.walstream.wal.rmgr;

import java.util.Objects;
import org.walstream.wal.record.RecordBytes;

/// What other sessions, and a standby's, must forget of the catalogs they have cached.
///
/// ```
/// offset  bytes  field        (each message)
///      0      1  id       signed; 0 or more: the number of a catalog cache
///      1      3           of -3: the backend whose temporary relation it is
///      4      4  dbId     0 for what all databases share
///      8      4  target   of a cache: which entry (hashValue); of -1: catId; of -2, -5, -6: relId
///     12      4
/// ```
///
/// Of a -3 (smgr), bytes 4 to 15 are a RelFileLocator.
///
/// Counterpart of SharedInvalidationMessage, src/include/storage/sinval.h. Valid as long as its
/// record is.
///
/// @param at where in `bytes` the first message stands
public record InvalidationMessages(RecordBytes bytes, int at, int count) {

  static final int LENGTH = 16;

  /// SHAREDINVALCATALOG_ID
  public static final int CATALOG = -1;

  /// SHAREDINVALRELCACHE_ID
  public static final int RELCACHE = -2;

  /// SHAREDINVALSMGR_ID
  public static final int SMGR = -3;

  /// SHAREDINVALRELMAP_ID
  public static final int RELMAP = -4;

  /// SHAREDINVALSNAPSHOT_ID
  public static final int SNAPSHOT = -5;

  /// SHAREDINVALRELSYNC_ID, since PostgreSQL 18
  public static final int RELSYNC = -6;

  /// Signed: a catalog cache's number, or one of the constants.
  public int id(int index) {
    return (byte) bytes.u8(at(index));
  }

  public int dbId(int index) {
    return bytes.i32(at(index) + 4);
  }

  /// What is invalid, as the message's kind has it: an object's OID, or a cache key's hash.
  public int target(int index) {
    return bytes.i32(at(index) + 8);
  }

  void fields(RecordFields out) {
    out.list("msgs", count, this::message);
  }

  private void message(int index, RecordFields out) {
    int id = id(index);
    out.number("id", id);
    out.number("dbId", Integer.toUnsignedLong(dbId(index)));
    long target = Integer.toUnsignedLong(target(index));
    switch (id) {
      case CATALOG -> out.number("catId", target);
      case RELCACHE, SNAPSHOT, RELSYNC -> out.number("relId", target);
      case SMGR, RELMAP -> {}
      default -> out.number("hashValue", target);
    }
  }

  private int at(int index) {
    return at + LENGTH * Objects.checkIndex(index, count);
  }
}
