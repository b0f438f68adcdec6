package org.walstream.wire.conninfo;

import java.util.Locale;

/// Which kind of server a connection may end at, when several hosts are named: libpq's
/// `target_session_attrs`.
public enum TargetSessionAttrs {
  ANY,
  READ_WRITE,
  READ_ONLY,
  PRIMARY,
  STANDBY,
  /// A standby if there is one among the hosts, anything otherwise.
  PREFER_STANDBY;

  static TargetSessionAttrs parse(String value) {
    for (TargetSessionAttrs attrs : values()) {
      if (attrs.toString().equals(value)) {
        return attrs;
      }
    }
    throw ConnInfoException.invalidValue(ConnInfoOption.TARGET_SESSION_ATTRS, value);
  }

  /// True when a server in this state may be used.
  ///
  /// @param readOnly the server's default_transaction_read_only
  /// @param inRecovery the server's in_hot_standby
  public boolean accepts(boolean readOnly, boolean inRecovery) {
    return switch (this) {
      case ANY -> true;
      case READ_WRITE -> !readOnly && !inRecovery;
      case READ_ONLY -> readOnly || inRecovery;
      case PRIMARY -> !inRecovery;
      case STANDBY, PREFER_STANDBY -> inRecovery;
    };
  }

  /// libpq's complaint about a server that is not accepted.
  public String complaint() {
    return switch (this) {
      case ANY -> "";
      case READ_WRITE -> "session is read-only";
      case READ_ONLY -> "session is not read-only";
      case PRIMARY -> "server is in hot standby mode";
      case STANDBY, PREFER_STANDBY -> "server is not in hot standby mode";
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
