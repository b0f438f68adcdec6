package org.walstream.standby;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.walstream.redo.recovery.RecoveryOptions;
import org.walstream.standby.supply.ArchiveMode;
import org.walstream.wire.conninfo.ConnInfo;

/// What a standby is to do, in the words of `postgresql.conf`.
///
/// @param restoreCommand empty when there is no archive
/// @param upstream empty when nothing is streamed
/// @param timeline `recovery_target_timeline`: empty for the directory's own; 0 for the newest
/// @param retryInterval `wal_retrieve_retry_interval`
/// @param walKeepBytes `wal_keep_size`
/// @param promoteTriggerFile `promote_trigger_file`: when there is such a file, as
///   [Standby#promote]
/// @param archiveMode `archive_mode`, for a server that goes on here: nothing is archived meanwhile
/// @param recovery how it is replayed
public record StandbySettings(
    Path dataDirectory,
    String restoreCommand,
    Optional<Upstream> upstream,
    Optional<Integer> timeline,
    Duration retryInterval,
    long walKeepBytes,
    Optional<Path> promoteTriggerFile,
    ArchiveMode archiveMode,
    RecoveryOptions recovery) {

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
