package org.walstream.standby;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.walstream.file.ThreadEnd;
import org.walstream.receive.DisconnectedException;
import org.walstream.receive.ReceiveOptions;
import org.walstream.receive.WalReceiver;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.store.WalLogFailedException;
import org.walstream.wire.replication.HotStandbyFeedback;

/// One connection to the primary, on a thread of its own. Whatever ends it, ends it once: whether
/// there is another is the startup process's to decide.
final class Streaming {

  private final PgWalSink sink;
  private final WalReceiver receiver;
  private final Runnable wake;
  private final Thread thread;

  private volatile boolean ended;
  private volatile @Nullable Exception failure;

  /// @param wake called when it has ended
  Streaming(ReceiveOptions options, PgWalSink sink, ReceiverLog log, Runnable wake) {
    this.sink = sink;
    this.wake = wake;
    receiver = new WalReceiver(options, sink, log);
    thread = Thread.ofPlatform().name("walreceiver").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      receiver.run();
      sink.close();
    } catch (DisconnectedException e) {
      failure = e.getCause() instanceof Exception cause ? cause : e;
      closeAfterFailure();
    } catch (IOException | RuntimeException e) {
      failure = e;
      closeAfterFailure();
    } finally {
      ended = true;
      wake.run();
    }
  }

  private void closeAfterFailure() {
    try {
      sink.close();
    } catch (IOException e) {
      failure = e;
    }
  }

  PgWalSink sink() {
    return sink;
  }

  boolean hasEnded() {
    return ended;
  }

  /// Why it has ended, unless it was told to.
  ///
  /// @throws WalLogFailedException when a write or force has failed: replay must not go on
  @Nullable Exception failure() throws WalLogFailedException {
    if (failure instanceof WalLogFailedException failed && failed.isFinal()) {
      throw failed;
    }
    return failure;
  }

  /// Has the primary told how far replay is.
  void reportApplied() {
    receiver.reportPositions();
  }

  /// Passes on what those below ask to be kept from cleaning.
  void feedback(HotStandbyFeedback feedback) {
    receiver.feedback(feedback);
  }

  WalReceiverStatus status() {
    return receiver.status();
  }

  /// Ends the connection; what has come is durable on return.
  void stop() {
    sink.giveUp();
    receiver.stop();
    ThreadEnd.await(thread);
  }
}
