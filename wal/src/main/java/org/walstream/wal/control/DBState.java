package org.walstream.wal.control;

import java.util.Optional;

/// What a cluster was doing when its control file was last written. In a file found at rest, only
/// the two kinds of shut down are the truth; any other says that the server crashed.
///
/// Counterpart of DBState, src/include/catalog/pg_control.h; the values' order is the file's.
public enum DBState {
  STARTUP("starting up"),
  SHUTDOWNED("shut down"),
  SHUTDOWNED_IN_RECOVERY("shut down in recovery"),
  SHUTDOWNING("shutting down"),
  IN_CRASH_RECOVERY("in crash recovery"),
  IN_ARCHIVE_RECOVERY("in archive recovery"),
  IN_PRODUCTION("in production");

  private static final DBState[] BY_CODE = values();

  private final String label;

  DBState(String label) {
    this.label = label;
  }

  static Optional<DBState> of(int code) {
    return code >= 0 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
  }

  /// True when the server stopped in order and nothing is left to recover.
  public boolean isShutDown() {
    return this == SHUTDOWNED || this == SHUTDOWNED_IN_RECOVERY;
  }

  /// As pg_controldata prints it.
  public String label() {
    return label;
  }
}
