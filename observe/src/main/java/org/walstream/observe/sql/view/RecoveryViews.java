package org.walstream.observe.sql.view;

import static org.walstream.observe.sql.view.ReplicationViews.time;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.walstream.observe.Archiving;
import org.walstream.observe.ReplayStatus;
import org.walstream.observe.sql.context.QueryContext;

/// `pg_stat_archiver`, `pg_stat_recovery_prefetch`: what a standby does with WAL but replay it.
final class RecoveryViews {

  private RecoveryViews() {}

  /// Where nothing is archived, nothing was and nothing failed.
  static List<Row> archiver(QueryContext context) {
    Archiving archiving =
        context.status().archiving().orElseGet(() -> none(context.status().started()));
    return List.of(
        Row.of("archived_count", archiving.archivedCount())
            .with("last_archived_wal", archiving.lastArchived().orElse(null))
            .with("last_archived_time", time(archiving.lastArchivedTime()))
            .with("failed_count", archiving.failedCount())
            .with("last_failed_wal", archiving.lastFailed().orElse(null))
            .with("last_failed_time", time(archiving.lastFailedTime()))
            .with("stats_reset", time(archiving.since())));
  }

  private static Archiving none(Instant since) {
    return new Archiving(
        0, Optional.empty(), Optional.empty(), 0, Optional.empty(), Optional.empty(), since);
  }

  /// How far what is read is ahead of what is redone. Blocks that are told to the kernel beforehand
  /// are not counted.
  static List<Row> prefetch(QueryContext context) {
    Optional<ReplayStatus> replay = context.status().replay();
    return replay
        .map(status ->
            List.of(
                Row.of("stats_reset", time(context.status().started()))
                    .with(
                        "wal_distance",
                        (int) Math.max(0, status.readLsn() - status.replayedLsn()))))
        .orElse(List.of());
  }
}
