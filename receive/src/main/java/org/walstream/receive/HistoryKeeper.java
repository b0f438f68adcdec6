package org.walstream.receive;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalDataException;
import org.walstream.wire.PostgresException;
import org.walstream.wire.message.Diagnostic;

/// Has the histories of timelines in place before any of their WAL, asking the sender for those
/// that are not here.
///
/// Counterpart of WalRcvFetchTimeLineHistoryFiles(), src/backend/replication/walreceiver.c.
final class HistoryKeeper {

  private final WalSink sink;
  private final ReceiveListener listener;

  HistoryKeeper(WalSink sink, ReceiveListener listener) {
    this.sink = sink;
    this.listener = listener;
  }

  /// The sender's history of `timeline`, which it is on.
  ///
  /// @throws ReceiveException if it differs from the one that is here
  TimelineHistory ofSender(ReplicationSession connected, TimelineId timeline) throws IOException {
    if (timeline.equals(TimelineId.FIRST)) {
      return TimelineHistory.ofFirst(timeline);
    }
    byte[] file = connected.timelineHistory(timeline);
    UpstreamChecks.sameHistory(timeline, sink.historyFile(timeline), file);
    return parsed(timeline, file, "invalid timeline history file from the server: ");
  }

  /// Keeps the history of `timeline`.
  ///
  /// @throws ReplicationCommandException if the sender has none
  void keep(ReplicationSession connected, TimelineId timeline) throws IOException {
    if (!timeline.equals(TimelineId.FIRST) && sink.historyFile(timeline).isEmpty()) {
      sink.storeHistory(timeline, connected.timelineHistory(timeline));
    }
  }

  /// Keeps those too of the older timelines whose WAL is in what comes from `start` on: others will
  /// ask this node for them. A sender that has none of them is no reason not to go on.
  void keepAncestors(ReplicationSession connected, StreamOrigin start) throws IOException {
    for (TimelineHistory.Entry ancestor : ancestors(start.timeline())) {
      if (Lsn.isAfter(ancestor.switchLsn(), start.startLsn())) {
        try {
          keep(connected, ancestor.timeline());
        } catch (ReplicationCommandException e) {
          if (!(e.reason() instanceof PostgresException refusal)) {
            throw e;
          }
          listener.on(new ReceiveEvent.Notice(notice(refusal)));
        }
      }
    }
  }

  private List<TimelineHistory.Entry> ancestors(TimelineId timeline) throws IOException {
    Optional<byte[]> file = sink.historyFile(timeline);
    return file.isEmpty()
        ? List.of()
        : parsed(timeline, file.get(), "invalid timeline history file: ").ancestors();
  }

  private static TimelineHistory parsed(TimelineId timeline, byte[] file, String complaint)
      throws ReceiveException {
    try {
      return TimelineHistory.parse(timeline, file);
    } catch (WalDataException e) {
      throw new ReceiveException(complaint + e.getMessage(), e);
    }
  }

  private static Diagnostic notice(PostgresException refusal) {
    return new Diagnostic(
        "NOTICE", refusal.sqlState(), refusal.primaryMessage(), refusal.detail(), refusal.hint());
  }
}
