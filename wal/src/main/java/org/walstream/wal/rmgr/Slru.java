package org.walstream.wal.rmgr;

/// What a server keeps in numbered pages of its own: what became of each transaction, and when.
///
/// Counterpart of the users of src/include/access/slru.h whose pages WAL tells of.
public enum Slru {
  XACT("pg_xact"),
  COMMIT_TS("pg_commit_ts"),
  MULTIXACT_OFFSET("pg_multixact/offsets"),
  MULTIXACT_MEMBER("pg_multixact/members");

  private final String directory;

  Slru(String directory) {
    this.directory = directory;
  }

  /// Where its files are, below the data directory.
  public String directory() {
    return directory;
  }
}
