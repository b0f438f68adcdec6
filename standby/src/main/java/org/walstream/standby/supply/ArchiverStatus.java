package org.walstream.standby.supply;

import java.time.Instant;
import java.util.Optional;

/// What has been archived, and what not: the columns of `pg_stat_archiver`.
///
/// @param since when counting began
public record ArchiverStatus(
    long archivedCount,
    Optional<Attempt> lastArchived,
    long failedCount,
    Optional<Attempt> lastFailed,
    Instant since) {

  /// One file, and when it was tried.
  public record Attempt(String file, Instant at) {}

  static ArchiverStatus none(Instant since) {
    return new ArchiverStatus(0, Optional.empty(), 0, Optional.empty(), since);
  }

  ArchiverStatus archived(String file, Instant at) {
    return new ArchiverStatus(
        archivedCount + 1, Optional.of(new Attempt(file, at)), failedCount, lastFailed, since);
  }

  ArchiverStatus failed(String file, Instant at) {
    return new ArchiverStatus(
        archivedCount, lastArchived, failedCount + 1, Optional.of(new Attempt(file, at)), since);
  }
}
