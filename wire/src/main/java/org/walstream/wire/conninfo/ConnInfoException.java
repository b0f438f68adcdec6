package org.walstream.wire.conninfo;

/// A connection string, a `PG*` variable or a service file says something that cannot be used. The
/// message is libpq's where libpq has one.
public final class ConnInfoException extends IllegalArgumentException {

  public ConnInfoException(String message) {
    super(message);
  }

  static ConnInfoException invalidValue(ConnInfoOption option, String value) {
    return new ConnInfoException("invalid %s value: \"%s\"".formatted(option.keyword(), value));
  }
}
