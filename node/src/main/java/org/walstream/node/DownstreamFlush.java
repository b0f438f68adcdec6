package org.walstream.node;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.walstream.send.sync.StandbyNames;
import org.walstream.send.sync.SyncStandbys;
import org.walstream.send.walsender.WalSenders;
import org.walstream.wal.Lsn;

/// How much of its WAL a relay calls flushed: what is durable here, or, with
/// `walstream.report_flush = quorum`, what enough of its standbys have made durable too. Then a
/// commit that waits for the relay is on their disks as well when it returns.
///
/// Nothing that has been promised is taken back: a position once reached stays so when a standby
/// goes, or another set of them is waited for. Before enough of them have come for the first time
/// it is not known, which is 0, and the upstream takes the relay for no synchronous standby.
///
/// Thread-safe: senders tell it, the receiver's threads ask.
final class DownstreamFlush {

  private final Supplier<WalSenders> senders;
  private final Supplier<Optional<StandbyNames>> names;
  private final Runnable advanced;

  /// How far enough of them have come. Written under this object's lock.
  private volatile long reachedLsn;

  /// The most that the upstream has been promised; guarded by this object's lock.
  private long promisedLsn;

  /// @param names who is waited for; empty for nobody
  /// @param advanced is run when the upstream may be told of more
  DownstreamFlush(
      Supplier<WalSenders> senders, Supplier<Optional<StandbyNames>> names, Runnable advanced) {
    this.senders = senders;
    this.names = names;
    this.advanced = advanced;
  }

  /// Something has happened to a standby, or others are waited for.
  void look() {
    Optional<StandbyNames> waitedFor = names.get();
    if (waitedFor.isPresent() && advance(waitedFor)) {
      advanced.run();
    }
  }

  private synchronized boolean advance(Optional<StandbyNames> waitedFor) {
    OptionalLong flushed = SyncStandbys.of(waitedFor, senders.get().active()).flushedLsn();
    boolean news = flushed.isPresent() && Lsn.isAfter(flushed.getAsLong(), reachedLsn);
    if (news) {
      reachedLsn = flushed.getAsLong();
    }
    return news;
  }

  /// What the upstream may be told.
  ///
  /// @param flushedLsn the end of what is durable here
  synchronized long promise(long flushedLsn) {
    long now = names.get().isEmpty() ? flushedLsn : Lsn.min(flushedLsn, reachedLsn);
    promisedLsn = Lsn.max(promisedLsn, now);
    return Lsn.min(promisedLsn, flushedLsn);
  }
}
