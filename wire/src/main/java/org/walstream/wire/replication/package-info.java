/// The messages of streaming replication, which travel inside CopyData once a connection is in
/// CopyBoth mode: `w` and `k` down from the sender ([SenderMessage]), `r` and `h` up from the
/// standby ([StandbyMessage]).
///
/// Every integer is big-endian; positions are LSNs as bare `long`s, times are microseconds since
/// 2000-01-01 00:00 UTC. The message of the hot path, [XLogData], can be read and written in place
/// without making an object.
///
/// Counterpart: PostgreSQL manual, "Streaming Replication Protocol"; walsender.c, walreceiver.c.
/// Everything here is a value or a pure function.
@NullMarked
package org.walstream.wire.replication;

import org.jspecify.annotations.NullMarked;
