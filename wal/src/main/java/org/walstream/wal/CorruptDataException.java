package org.walstream.wal;

import org.jspecify.annotations.Nullable;

/// A history file or control file whose bytes contradict themselves.
public final class CorruptDataException extends WalDataException {

  private static final long serialVersionUID = 1;

  public CorruptDataException(String message, @Nullable String hint) {
    super(message, hint);
  }

  public CorruptDataException(String message) {
    this(message, null);
  }

  /// data_corrupted
  @Override
  public String sqlState() {
    return "XX001";
  }
}
