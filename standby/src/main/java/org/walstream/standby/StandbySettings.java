package org.walstream.standby;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.walstream.redo.recovery.RecoveryOptions;
import org.walstream.standby.supply.ArchiveMode;
import org.walstream.wire.conninfo.ConnInfo;

/// What a standby is to do, in the words of `postgresql.conf`.
///
/// @param commands what the shell is to run
/// @param upstream empty when nothing is streamed
/// @param timeline `recovery_target_timeline`: empty for the directory's own; 0 for the newest
/// @param retryInterval `wal_retrieve_retry_interval`
/// @param walKeepBytes `wal_keep_size`
/// @param promoteTriggerFile `promote_trigger_file`: when there is such a file, as
///   [Standby#promote]
/// @param archiveMode `archive_mode`: with [ArchiveMode#ALWAYS] what has come is archived here once
///   more; with [ArchiveMode#ON] by a server that goes on here
/// @param recovery how it is replayed
public record StandbySettings(
    Path dataDirectory,
    Commands commands,
    Optional<Upstream> upstream,
    Optional<Integer> timeline,
    Duration retryInterval,
    long walKeepBytes,
    Optional<Path> promoteTriggerFile,
    ArchiveMode archiveMode,
    RecoveryOptions recovery) {

  /// These, with what a server takes from its files when it is told to read them again. All else
  /// waits for the next start.
  StandbySettings reloaded(StandbySettings next) {
    return new StandbySettings(
        dataDirectory,
        next.commands,
        next.upstream,
        timeline,
        next.retryInterval,
        next.walKeepBytes,
        next.promoteTriggerFile,
        archiveMode,
        recovery
            .withMinApplyDelay(next.recovery.minApplyDelay())
            .withRestartPoints(next.recovery.restartPoints()));
  }

  /// Commands of `postgresql.conf`, each empty when there is none.
  ///
  /// @param restore `restore_command`
  /// @param archiveCleanup `archive_cleanup_command`
  /// @param recoveryEnd `recovery_end_command`
  /// @param archive `archive_command`
  public record Commands(
      String restore, String archiveCleanup, String recoveryEnd, String archive) {

    /// With an archive to restore from, and nothing else.
    public static Commands ofRestore(String restore) {
      return new Commands(restore, "", "", "");
    }
  }

  /// From where WAL is streamed, and how.
  ///
  /// @param conninfo `primary_conninfo`
  /// @param slot `primary_slot_name`
  /// @param temporarySlot `wal_receiver_create_temp_slot`
  /// @param statusInterval `wal_receiver_status_interval`
  /// @param timeout `wal_receiver_timeout`
  public record Upstream(
      ConnInfo conninfo,
      Optional<String> slot,
      boolean temporarySlot,
      Duration statusInterval,
      Duration timeout) {}
}
