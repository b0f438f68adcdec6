package org.walstream.send.slot;

import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// The rules for names of slots, which are also names of directories. Counterpart of
/// ReplicationSlotValidateName().
public final class SlotName {

  private static final int LENGTH_MAX = 63; // NAMEDATALEN - 1

  private SlotName() {}

  /// @throws ServerError in PostgreSQL's words, if no slot may be called so
  public static void check(String name) throws ServerError {
    if (name.isEmpty()) {
      throw ServerError.error(
          SqlState.INVALID_NAME, "replication slot name \"%s\" is too short".formatted(name));
    } else if (name.length() > LENGTH_MAX) {
      throw ServerError.error(
          SqlState.NAME_TOO_LONG, "replication slot name \"%s\" is too long".formatted(name));
    } else if (!isValid(name)) {
      throw ServerError.error(
              SqlState.INVALID_NAME,
              "replication slot name \"%s\" contains invalid character".formatted(name))
          .withHint(
              "Replication slot names may only contain lower case letters, numbers, and the"
                  + " underscore character.");
    }
  }

  static boolean isValid(String name) {
    return !name.isEmpty()
        && name.length() <= LENGTH_MAX
        && name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
  }
}
