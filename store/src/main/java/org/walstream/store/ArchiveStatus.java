package org.walstream.store;

/// What the store says about each finished file in `archive_status/`, the directory by which
/// PostgreSQL's archiver knows what there is to do.
public enum ArchiveStatus {
  /// Nothing, as pg_receivewal does.
  NONE(""),
  /// `NAME.ready`: an archiver shall take it, as a standby with `archive_mode = always` says.
  READY(".ready"),
  /// `NAME.done`: an archiver shall leave it alone, as pg_basebackup says of the WAL it streams.
  DONE(".done");

  private final String suffix;

  ArchiveStatus(String suffix) {
    this.suffix = suffix;
  }

  /// The marker's file name for the finished file `fileName`.
  String markerOf(String fileName) {
    return fileName + suffix;
  }
}
