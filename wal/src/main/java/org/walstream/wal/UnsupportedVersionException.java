package org.walstream.wal;

/// Bytes of a PostgreSQL version, or of a build, that this program does not read. They may be
/// perfectly good.
public final class UnsupportedVersionException extends WalDataException {

  private static final long serialVersionUID = 1;

  public UnsupportedVersionException(String message) {
    super(message, "This program reads " + WalFormat.known() + ".");
  }

  /// feature_not_supported
  @Override
  public String sqlState() {
    return "0A000";
  }
}
