package org.walstream.send.sql;

import java.time.Instant;
import java.util.Optional;

/// The row of `pg_stat_wal_receiver`: how the node is supplied. Positions are 0 when they are not
/// known.
///
/// @param status PostgreSQL's word: `starting`, `streaming`, `waiting`, `restarting`, `stopping`
/// @param conninfo without passwords
public record Upstream(
    String status,
    long receiveStartLsn,
    int receiveStartTimeline,
    long writtenLsn,
    long flushedLsn,
    int receivedTimeline,
    Optional<Instant> lastMessageSent,
    Optional<Instant> lastMessageReceived,
    long latestEndLsn,
    Optional<Instant> latestEndTime,
    Optional<String> slotName,
    Optional<String> senderHost,
    int senderPort,
    String conninfo) {}
