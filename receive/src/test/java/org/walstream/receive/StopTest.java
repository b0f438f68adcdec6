package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.machine.Machine;
import org.walstream.wire.transport.Network;
import org.walstream.wire.transport.StoppedException;
import org.walstream.wire.transport.Transport;

/// The wish to stop reaches every wait: each of these would last for ever.
@Timeout(600)
class StopTest {

  @Test
  void aJobThatHasNotReachedItsServerYet(@TempDir Path directory) throws Exception {
    try (var server = new SilentServer();
        var running = new Running(directory, Running.options(server.conninfo()).build())) {
      server.awaitSpokenTo();
      assertThat(running.stop()).isInstanceOf(StoppedException.class);
    }
  }

  @Test
  void aReceiverWhoseUpstreamNeverAnswers() throws Exception {
    try (var server = new SilentServer()) {
      var receiver = receiver(Running.options(server.conninfo()).build(), event -> {});
      var outcome = running(receiver);
      server.awaitSpokenTo();
      receiver.stop();
      assertThat(outcome.get()).isEqualTo(WalReceiver.Outcome.STOPPED);
    }
  }

  @Test
  void aReceiverThatShallConnectWithOtherSettings() throws Exception {
    try (var old = new SilentServer();
        var next = new SilentServer()) {
      var options = new CompletableFuture<ReceiveOptions>();
      var receiver =
          new WalReceiver(
              () -> options.getNow(Running.options(old.conninfo()).build()),
              HandlerSink.fromUpstream((lsn, wal) -> {}),
              event -> {},
              Network.real());
      var outcome = running(receiver);
      old.awaitSpokenTo();
      options.complete(Running.options(next.conninfo()).build());
      receiver.reconnect();
      next.awaitSpokenTo();
      receiver.stop();
      assertThat(outcome.get()).isEqualTo(WalReceiver.Outcome.STOPPED);
    }
  }

  @Test
  void aReceiverInItsPause() throws Exception {
    var pausing = new CountDownLatch(1);
    var options =
        Running.options("host=/nonexistent user=nobody").retryInterval(Duration.ofDays(1)).build();
    var receiver =
        receiver(
            options,
            event -> {
              if (event instanceof ReceiveEvent.Disconnected) {
                pausing.countDown();
              }
            });
    var outcome = running(receiver);
    pausing.await();
    receiver.stop();
    assertThat(outcome.get()).isEqualTo(WalReceiver.Outcome.STOPPED);
  }

  @Test
  void aReceiverThatIsStoppedBeforeItRuns() throws Exception {
    var receiver = receiver(Running.options("host=/nonexistent user=nobody").build(), event -> {});
    receiver.stop();
    assertThat(receiver.run()).isEqualTo(WalReceiver.Outcome.STOPPED);
  }

  @Test
  void aReplyThatTheSenderDoesNotTake() throws Exception {
    var frozen = new FrozenTransport();
    var progress = new StreamProgress(Machine.real());
    var options = Running.options("host=h user=u").build();
    var writer =
        new ReplyWriter(
            frozen,
            HandlerSink.fromUpstream((lsn, wal) -> {}),
            progress,
            options.replies(),
            WalSegmentSize.DEFAULT,
            Machine.real());
    writer.start();
    writer.replyRequested();
    frozen.written.await();
    writer.finish();
    writer.join();
    assertThat(frozen.isOpen()).as("or its reader would wait for ever").isFalse();
    assertThat(writer.failure()).hasMessage("the sender has not ended the stream");
  }

  private static WalReceiver receiver(ReceiveOptions options, ReceiveListener listener) {
    return new WalReceiver(options, HandlerSink.fromUpstream((lsn, wal) -> {}), listener);
  }

  private static CompletableFuture<Object> running(WalReceiver receiver) {
    var end = new CompletableFuture<Object>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            end.complete(receiver.run());
          } catch (IOException | RuntimeException e) {
            end.complete(e);
          }
        });
    return end;
  }

  /// A connection that takes nothing and gives nothing, until it is closed.
  private static final class FrozenTransport implements Transport {

    final CountDownLatch written = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private IOException hang() {
      boolean interrupted = false;
      while (closed.getCount() > 0) {
        try {
          closed.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return new AsynchronousCloseException();
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
      throw hang();
    }

    @Override
    public long read(ByteBuffer[] dsts) throws IOException {
      throw hang();
    }

    @Override
    public void end() {}

    @Override
    public void shutdownInput() {
      closed.countDown();
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
      written.countDown();
      throw hang();
    }

    @Override
    public void write(ByteBuffer[] srcs) throws IOException {
      written.countDown();
      throw hang();
    }

    @Override
    public SocketAddress peerAddress() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public boolean isOpen() {
      return closed.getCount() > 0;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
