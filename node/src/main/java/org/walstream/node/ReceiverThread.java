package org.walstream.node;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.receive.ReceiveListener;
import org.walstream.receive.ReceiveOptions;
import org.walstream.receive.StoreSink;
import org.walstream.receive.WalReceiver;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.store.WalStore;
import org.walstream.wire.replication.HotStandbyFeedback;
import org.walstream.wire.transport.Network;

/// The node's receiver on its platform thread: streams for ever, until it is stopped or the disk
/// fails it.
final class ReceiverThread {

  private static final Logger LOG = LoggerFactory.getLogger(ReceiverThread.class);

  private final WalReceiver receiver;
  private final Thread thread;

  /// @param promise how much of what is durable here the upstream may be told of
  /// @param events is told what the receiver does, on its thread
  /// @param failed is told when the receiver has ended for good by itself: WAL can be kept no more
  ReceiverThread(
      WalStore store,
      LongUnaryOperator promise,
      Supplier<ReceiveOptions> options,
      ReceiveListener events,
      Consumer<Exception> failed) {
    receiver = new WalReceiver(options, new StoreSink(store, promise), events, Network.real());
    thread =
        Thread.ofPlatform()
            .name("receiver")
            .unstarted(() -> {
              try {
                receiver.run();
              } catch (IOException e) {
                LOG.error("receiving has ended: {}", e.getMessage());
                failed.accept(e);
              }
            });
  }

  void start() {
    thread.start();
  }

  /// Everything received is flushed and acknowledged when this returns.
  void stop() throws InterruptedException {
    receiver.stop();
    thread.join();
  }

  void feedback(HotStandbyFeedback feedback) {
    receiver.feedback(feedback);
  }

  /// Has the upstream told the positions now.
  void reportPositions() {
    receiver.reportPositions();
  }

  Optional<WalReceiverStatus> status() {
    return Optional.of(receiver.status());
  }
}
