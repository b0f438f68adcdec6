package org.walstream.redo.recovery;

import java.io.IOException;
import java.util.Optional;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.WalSegmentSource;

/// The WAL that recovery reads: all of it stands in the data directory's `pg_wal` when it is given,
/// so whoever goes on there finds what he needs.
///
/// ```
///   a stopped directory   durable when it is given, and it ends: awaitMore says so
///   a standby             given as soon as it is written: requireDurable before any of it counts;
///                         awaitMore waits for what comes
/// ```
///
/// One thread's, but for [#requireDurable].
public interface RecoveryWal {

  /// All there is, from wherever it comes.
  WalSegmentSource all();

  /// What a crashed server left in its `pg_wal`.
  WalSegmentSource own();

  /// What leads to the newest timeline that is to be replayed. May be another after [#awaitMore].
  TimelineHistory history();

  /// No byte from here on is to be read from [#all] yet; 0 when all there are may be. May be
  /// another after [#awaitMore].
  default long limitLsn() {
    return 0;
  }

  /// There is no record to be read at `lsn`, and all before it has been redone. Waits until that
  /// may have changed, or a while.
  ///
  /// @param why [ReadResult.NeedMoreData] when [#limitLsn] has been reached, else what ends WAL
  /// @return false when replay ends here
  default boolean awaitMore(long lsn, ReadResult why) throws IOException {
    return false;
  }

  /// There is something else to be done by the thread that is in [#awaitMore], or will be next: it
  /// returns soon. Any thread.
  default void wake() {}

  /// Returns once the WAL before `lsn`, which has been given, is durable. Any thread.
  default void requireDurable(long lsn) throws IOException {}

  /// Replay stands still at `lsn`, all before it being redone. Called now and then meanwhile.
  default void held(long lsn) throws IOException {}

  /// Whether recovery is to end with what there is: nothing holds replay any more then.
  default boolean isPromoted() throws IOException {
    return false;
  }

  /// Asked when recovery is to end as a primary's, and everything is on disk.
  ///
  /// @return the timeline that the directory begins; empty when it stays in recovery all the same
  default Optional<TimelineId> newTimeline() throws IOException {
    return Optional.empty();
  }

  /// Recovery begins no earlier than here from now on: what is before it may go.
  void restartsAt(long redoLsn, int timeline) throws IOException;
}
