package org.walstream.receive;

import org.walstream.wal.TimelineId;

/// What IDENTIFY_SYSTEM answers.
///
/// @param systemIdentifier the cluster, by the number that initdb gave it; unsigned
/// @param timeline the timeline it is on now
/// @param flushLsn how far its WAL is durable
public record SystemIdentification(long systemIdentifier, TimelineId timeline, long flushLsn) {}
