package org.walstream.send.walsender;

import org.walstream.wire.replication.StandbyStatusUpdate;

/// How far a standby says it is: what its last report held. Immutable; replaced as a whole by the
/// thread that reads.
///
/// @param replyTimeMicros the standby's clock when it reported, since 2000-01-01; 0 before the
///   first report
public record StandbyProgress(
    long writtenLsn, long flushedLsn, long appliedLsn, long replyTimeMicros) {

  static final StandbyProgress NONE = new StandbyProgress(0, 0, 0, 0);

  static StandbyProgress of(StandbyStatusUpdate update) {
    return new StandbyProgress(
        update.writtenLsn(), update.flushedLsn(), update.appliedLsn(), update.clientTimeMicros());
  }
}
