package org.walstream.send.slot;

import java.util.Optional;

/// Why a slot can no longer be used. The numbers are those of the state file.
public enum Invalidation {
  /// WAL it needed was removed, since `max_slot_wal_keep_size` did not let it be kept.
  WAL_REMOVED(1, "wal_removed"),
  /// What only a server finds, of a slot that is not used here.
  OTHER(0, "other");

  private final int code;
  private final String word;

  Invalidation(int code, String word) {
    this.code = code;
    this.word = word;
  }

  static Optional<Invalidation> ofCode(int code) {
    return code == WAL_REMOVED.code ? Optional.of(WAL_REMOVED) : Optional.empty();
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
