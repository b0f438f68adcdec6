package org.walstream.send.hba;

import java.util.Locale;
import java.util.Optional;

/// The first word of a rule: over which connections it is for.
///
/// There is no encryption by GSSAPI, so `hostgssenc` is for none and `hostnogssenc` for all that
/// come over TCP, as in a PostgreSQL without.
public enum ConnectionType {
  LOCAL,
  HOST,
  HOSTSSL,
  HOSTNOSSL,
  HOSTGSSENC,
  HOSTNOGSSENC;

  static Optional<ConnectionType> of(String word) {
    for (ConnectionType type : values()) {
      if (type.toString().equals(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  boolean isFor(Connection connection) {
    boolean local = connection.address().isEmpty();
    return switch (this) {
      case LOCAL -> local;
      case HOST, HOSTNOGSSENC -> !local;
      case HOSTSSL -> !local && connection.encrypted();
      case HOSTNOSSL -> !local && !connection.encrypted();
      case HOSTGSSENC -> false;
    };
  }

  /// As the file has it.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
