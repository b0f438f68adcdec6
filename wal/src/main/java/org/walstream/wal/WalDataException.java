package org.walstream.wal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Bytes that should be PostgreSQL's and cannot be used: the root of this module's errors. An
/// `IOException`, because whoever hands us bytes has just read them from a file or a socket.
///
/// The end of valid WAL is no exception but an answer: see `WalDefect` in
/// `org.walstream.wal.record`.
public abstract sealed class WalDataException extends IOException
    permits CorruptDataException, UnsupportedVersionException {

  private static final long serialVersionUID = 1;

  private final @Nullable String hint;

  WalDataException(String message, @Nullable String hint) {
    super(message);
    this.hint = hint;
  }

  /// What may help, in PostgreSQL's words where it has them.
  public @Nullable String hint() {
    return hint;
  }

  /// The SQLSTATE that PostgreSQL gives to this condition.
  public abstract String sqlState();
}
