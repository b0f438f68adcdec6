package org.walstream.observe;

import java.time.Instant;
import java.util.Optional;

/// What has been archived, and what not: the columns of `pg_stat_archiver`.
public record Archiving(
    long archivedCount,
    Optional<String> lastArchived,
    Optional<Instant> lastArchivedTime,
    long failedCount,
    Optional<String> lastFailed,
    Optional<Instant> lastFailedTime,
    Instant since) {}
