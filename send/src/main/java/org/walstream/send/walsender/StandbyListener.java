package org.walstream.send.walsender;

import java.io.EOFException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.wire.ProtocolViolation;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.CopyDone;
import org.walstream.wire.message.CopyFail;
import org.walstream.wire.message.FrontendMessage;
import org.walstream.wire.message.Terminate;
import org.walstream.wire.replication.HotStandbyFeedback;
import org.walstream.wire.replication.StandbyMessage;
import org.walstream.wire.replication.StandbyStatusUpdate;
import org.walstream.wire.server.ServerConnection;

/// Hears what a standby says while WAL streams to it: on a thread of its own, so that it is heard
/// even while the stream is stuck in a full socket. Ends with the standby's side of the copy.
///
/// Counterpart of ProcessRepliesIfAny(), walsender.c.
final class StandbyListener implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(StandbyListener.class);

  private final ServerConnection connection;
  private final WalSender sender;

  StandbyListener(ServerConnection connection, WalSender sender) {
    this.connection = connection;
    this.sender = sender;
  }

  @Override
  public void run() {
    try {
      while (hear(connection.receive())) {
        // until the standby is done
      }
    } catch (EOFException gone) {
      LOG.debug("standby closed the connection");
      sender.broken("unexpected EOF on standby connection");
    } catch (ProtocolViolation violation) {
      LOG.info("terminating walsender process: {}", violation.getMessage());
      sender.broken(String.valueOf(violation.getMessage()));
    } catch (IOException broken) {
      LOG.debug("could not receive data from client: {}", broken.getMessage());
      sender.broken("could not receive data from client: " + broken.getMessage());
    } finally {
      sender.standbyDone();
    }
  }

  /// @return false when the standby has ended its side
  private boolean hear(FrontendMessage message) throws IOException {
    switch (message) {
      case CopyData data -> hear(StandbyMessage.decode(data.data()));
      case CopyDone done -> {
        return false;
      }
      case CopyFail fail -> {
        LOG.info("COPY from client failed: {}", fail.reason());
        return false;
      }
      case Terminate terminate -> {
        sender.leave();
        return false;
      }
      default ->
          throw new ProtocolViolation("unexpected message during a replication stream: " + message);
    }
    return true;
  }

  private void hear(StandbyMessage message) {
    switch (message) {
      case StandbyStatusUpdate update -> sender.heard(update);
      case HotStandbyFeedback feedback -> sender.heard(feedback);
    }
  }
}
