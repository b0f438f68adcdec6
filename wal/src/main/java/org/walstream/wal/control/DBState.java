package org.walstream.wal.control;

import java.util.Optional;

/// What a cluster was doing when its control file was last written. In a file found at rest, only
/// the two kinds of shut down are the truth; any other says that the server crashed.
///
/// Counterpart of DBState, src/include/catalog/pg_control.h; the values' order is the file's.
public enum DBState {
  STARTUP(0, "starting up"),
  SHUTDOWNED(1, "shut down"),
  SHUTDOWNED_IN_RECOVERY(2, "shut down in recovery"),
  SHUTDOWNING(3, "shutting down"),
  IN_CRASH_RECOVERY(4, "in crash recovery"),
  IN_ARCHIVE_RECOVERY(5, "in archive recovery"),
  IN_PRODUCTION(6, "in production");

  private static final DBState[] BY_CODE = values();

  private final int code;
  private final String label;

  DBState(int code, String label) {
    this.code = code;
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

  /// As the file has it.
  int code() {
    return code;
  }
}
