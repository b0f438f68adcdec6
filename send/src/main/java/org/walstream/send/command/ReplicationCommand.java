package org.walstream.send.command;

import java.util.Optional;
import org.walstream.wal.TimelineId;

/// A command of the streaming replication protocol.
///
/// ```
/// IDENTIFY_SYSTEM
/// SHOW name
/// TIMELINE_HISTORY tli
/// CREATE_REPLICATION_SLOT slot [TEMPORARY] {PHYSICAL | LOGICAL plugin} [RESERVE_WAL | (RESERVE_WAL [bool], …)]
/// ALTER_REPLICATION_SLOT slot (option, …)
/// READ_REPLICATION_SLOT slot
/// DROP_REPLICATION_SLOT slot [WAIT]
/// START_REPLICATION [SLOT slot] [PHYSICAL] lsn [TIMELINE tli]
/// START_REPLICATION SLOT slot LOGICAL lsn [(option, …)]
/// BASE_BACKUP …
/// UPLOAD_MANIFEST
/// ```
///
/// Source: PostgreSQL manual, "Streaming Replication Protocol".
public sealed interface ReplicationCommand {

  record IdentifySystem() implements ReplicationCommand {}

  record Show(String name) implements ReplicationCommand {}

  record TimelineHistory(TimelineId timeline) implements ReplicationCommand {}

  record CreateSlot(String slot, boolean temporary, boolean logical, boolean reserveWal)
      implements ReplicationCommand {}

  record AlterSlot(String slot) implements ReplicationCommand {}

  record ReadSlot(String slot) implements ReplicationCommand {}

  /// @param waits whether to wait while another session uses the slot
  record DropSlot(String slot, boolean waits) implements ReplicationCommand {}

  /// @param timeline the server's own when empty
  record StartReplication(Optional<String> slot, long startLsn, Optional<TimelineId> timeline)
      implements ReplicationCommand {}

  /// Logical replication, which this server does not have.
  record StartLogicalReplication(String slot) implements ReplicationCommand {}

  record BaseBackup() implements ReplicationCommand {}

  record UploadManifest() implements ReplicationCommand {}

  /// Not a replication command but SQL, or nothing at all.
  record Sql(String text) implements ReplicationCommand {}
}
