package org.walstream.wal.record;

import org.walstream.wal.WalFormat;

/// Which relation's files a record is about, by its numbers on disk (not by its OID).
///
/// ```
/// offset  bytes  field       (integers little-endian)
///      0      4  spcOid      the tablespace
///      4      4  dbOid       the database; 0 for a relation that all databases share
///      8      4  relNumber   the relation
/// ```
///
/// Counterpart of RelFileLocator, src/include/storage/relfilelocator.h. The numbers are unsigned.
public record RelFileLocator(int spcOid, int dbOid, int relNumber) {

  public static final int LENGTH = 12;

  /// DEFAULTTABLESPACE_OID: `pg_default`, the cluster's own `base` directory.
  public static final int DEFAULT_TABLESPACE = 1663;

  /// GLOBALTABLESPACE_OID: `pg_global`.
  public static final int GLOBAL_TABLESPACE = 1664;

  /// Reads the locator at `at` of `bytes`.
  public static RelFileLocator read(RecordBytes bytes, int at) {
    return new RelFileLocator(bytes.i32(at), bytes.i32(at + 4), bytes.i32(at + 8));
  }

  /// The directory below the data directory of a database in a tablespace, such as `base/5`
  /// (GetDatabasePath).
  public static String databasePath(WalFormat format, int spcOid, int dbOid) {
    return switch (spcOid) {
      case GLOBAL_TABLESPACE -> "global";
      case DEFAULT_TABLESPACE -> "base/" + Integer.toUnsignedString(dbOid);
      default ->
          "pg_tblspc/%s/%s/%s"
              .formatted(
                  Integer.toUnsignedString(spcOid),
                  format.tablespaceVersionDirectory(),
                  Integer.toUnsignedString(dbOid));
    };
  }

  /// The path of a fork below the data directory, such as `base/5/16384_fsm` (GetRelationPath).
  public String path(WalFormat format, ForkNumber fork) {
    String suffix = fork == ForkNumber.MAIN ? "" : "_" + fork.forkName();
    return databasePath(format, spcOid, dbOid) + "/" + Integer.toUnsignedString(relNumber) + suffix;
  }

  /// `spcOid/dbOid/relNumber`, as PostgreSQL's tools print it.
  @Override
  public String toString() {
    return Integer.toUnsignedString(spcOid)
        + "/"
        + Integer.toUnsignedString(dbOid)
        + "/"
        + Integer.toUnsignedString(relNumber);
  }
}
