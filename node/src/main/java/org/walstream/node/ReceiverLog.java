package org.walstream.node;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.receive.ReceiveEvent;
import org.walstream.receive.ReceiveListener;
import org.walstream.receive.ReplicationCommandException;
import org.walstream.receive.StreamTerminatedException;
import org.walstream.receive.WalReceiver;
import org.walstream.wal.Lsn;
import org.walstream.wire.PostgresException;

/// Tells the node's log what its receiver does, in the words of a PostgreSQL standby.
final class ReceiverLog implements ReceiveListener {

  private static final Logger LOG = LoggerFactory.getLogger(WalReceiver.class);

  @Override
  public void on(ReceiveEvent event) {
    switch (event) {
      case ReceiveEvent.Started(long lsn, var timeline) ->
          LOG.info(
              "started streaming WAL from primary at {} on timeline {}", Lsn.format(lsn), timeline);
      case ReceiveEvent.TimelineSwitched(var timeline, long lsn) ->
          LOG.info("primary switched to timeline {} at {}", timeline, Lsn.format(lsn));
      case ReceiveEvent.Disconnected(var reason, var retryIn) ->
          LOG.error("{}; trying again in {} s", text(reason), retryIn.toMillis() / 1000.0);
      case ReceiveEvent.Notice notice -> LOG.info("upstream says: {}", notice);
      case ReceiveEvent.SegmentUnfinished unfinished -> LOG.debug("{}", unfinished);
      case ReceiveEvent.SegmentFinished finished -> LOG.debug("{}", finished);
      case ReceiveEvent.EndReached end -> LOG.info("{}", end);
      case ReceiveEvent.Interrupted interrupted -> LOG.info("stopped receiving WAL");
    }
  }

  /// What an upstream refuses is told without its severity, which the log line has already.
  private static String text(Exception reason) {
    return switch (reason) {
      case ReplicationCommandException refused -> text(refused.reason());
      case StreamTerminatedException terminated -> text(terminated.reason());
      case PostgresException refused -> {
        String detail = refused.detail().isEmpty() ? "" : " (" + refused.detail() + ")";
        yield refused.primaryMessage() + detail;
      }
      default -> String.valueOf(reason.getMessage()).strip();
    };
  }
}
