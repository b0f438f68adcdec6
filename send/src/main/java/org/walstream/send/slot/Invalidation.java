package org.walstream.send.slot;

import java.util.Arrays;
import java.util.Optional;

/// Why a slot can no longer be used. The numbers are those of the state file, and PostgreSQL's
/// (RS_INVAL_* in src/include/replication/slot.h).
public enum Invalidation {
  /// WAL it needed was removed, since `max_slot_wal_keep_size` did not let it be kept.
  WAL_REMOVED(1, "wal_removed"),
  /// Nobody has used it for longer than `idle_replication_slot_timeout`.
  IDLE_TIMEOUT(8, "idle_timeout"),
  /// What only a server finds, of a slot that is not used here.
  OTHER(0, "other");

  private final int code;
  private final String word;

  Invalidation(int code, String word) {
    this.code = code;
    this.word = word;
  }

  /// Empty for 0, which is none, and for what only a server knows.
  static Optional<Invalidation> ofCode(int code) {
    return Arrays.stream(values())
        .filter(cause -> cause.code == code && cause != OTHER)
        .findFirst();
  }

  int code() {
    return code;
  }

  /// As in `pg_replication_slots.invalidation_reason`.
  @Override
  public String toString() {
    return word;
  }
}
