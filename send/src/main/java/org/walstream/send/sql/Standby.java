package org.walstream.send.sql;

import org.walstream.send.ClientIdentity;

/// One row of `pg_stat_replication`. Positions are 0, and lags negative, when they are not known.
///
/// @param backendXmin the oldest transaction that the standby holds back, with its epoch; 0: none
/// @param state PostgreSQL's word: `startup`, `catchup`, `streaming`, `stopping`
/// @param replyTimeMicros the standby's clock when it reported last, since 2000-01-01; 0: never
public record Standby(
    ClientIdentity client,
    long backendXmin,
    String state,
    long sentLsn,
    long writtenLsn,
    long flushedLsn,
    long appliedLsn,
    long writeLagNanos,
    long flushLagNanos,
    long applyLagNanos,
    long replyTimeMicros) {}
