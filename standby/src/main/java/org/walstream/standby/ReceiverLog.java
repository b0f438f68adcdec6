package org.walstream.standby;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.receive.ReceiveEvent;
import org.walstream.receive.ReceiveListener;
import org.walstream.receive.ReplicationCommandException;
import org.walstream.receive.StreamTerminatedException;
import org.walstream.wal.Lsn;
import org.walstream.wire.PostgresException;

/// What the receiver has to say, in the words of a PostgreSQL standby. Why it has ended is told by
/// whoever started it.
final class ReceiverLog implements ReceiveListener {

  private static final Logger logger = LoggerFactory.getLogger(ReceiverLog.class);

  @Override
  public void on(ReceiveEvent event) {
    switch (event) {
      case ReceiveEvent.Started(long lsn, var timeline) ->
          logger.info(
              "started streaming WAL from primary at {} on timeline {}", Lsn.format(lsn), timeline);
      case ReceiveEvent.TimelineSwitched(var timeline, long lsn) ->
          logger.info("primary switched to timeline {} at {}", timeline, Lsn.format(lsn));
      case ReceiveEvent.Notice notice -> logger.info("upstream says: {}", notice);
      default -> logger.debug("{}", event);
    }
  }

  /// What an upstream refuses is told without its severity.
  static String reason(Exception failure) {
    return switch (failure) {
      case ReplicationCommandException refused -> reason(refused.reason());
      case StreamTerminatedException terminated -> reason(terminated.reason());
      case PostgresException refused -> {
        String detail = refused.detail().isEmpty() ? "" : " (" + refused.detail() + ")";
        yield refused.primaryMessage() + detail;
      }
      default -> String.valueOf(failure.getMessage()).strip();
    };
  }
}
