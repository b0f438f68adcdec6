/// Replication slots: places in the stream that are remembered for standbys while they are away, so
/// that the WAL they need is kept.
///
/// [ReplicationSlots] holds them all and keeps the lasting ones on disk; a [ReplicationSlot] is
/// one; [RetentionHorizon] says how far back WAL must be kept because of them. Only physical slots
/// exist here.
///
/// Counterpart of src/backend/replication/slot.c. Thread-safe throughout; what a standby confirms
/// never waits for a disk.
@NullMarked
package org.walstream.send.slot;

import org.jspecify.annotations.NullMarked;
