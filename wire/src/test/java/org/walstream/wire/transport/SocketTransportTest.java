package org.walstream.wire.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class SocketTransportTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void carriesBytesOverTcp() throws Exception {
    try (var listener = listenOnLoopback()) {
      carriesBytes(listener, listener.getLocalAddress());
    }
  }

  @Test
  void carriesBytesOverAUnixSocket(@TempDir Path directory) throws Exception {
    var address = UnixDomainSocketAddress.of(directory.resolve(".s.PGSQL.5432"));
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)) {
      carriesBytes(listener, address);
    }
  }

  private static void carriesBytes(ServerSocketChannel listener, SocketAddress address)
      throws IOException {
    try (var client =
            SocketTransport.connect(
                address, SOON, KeepaliveOptions.SYSTEM_DEFAULT, new StopSignal());
        var server = SocketTransport.over(listener.accept(), KeepaliveOptions.SYSTEM_DEFAULT)) {
      assertThat(client.peerAddress()).isEqualTo(address);
      client.write(new ByteBuffer[] {direct(1, 2), direct(), direct(3)});

      ByteBuffer[] scattered = {ByteBuffer.allocateDirect(2), ByteBuffer.allocateDirect(8)};
      long read = 0;
      while (read < 3) {
        read += server.read(scattered);
      }
      assertThat(scattered[0].flip()).isEqualTo(direct(1, 2));
      assertThat(scattered[1].flip()).isEqualTo(direct(3));

      server.write(direct(9));
      server.close();
      var answer = ByteBuffer.allocateDirect(8);
      assertThat(client.read(answer)).isEqualTo(1);
      assertThat(client.read(answer)).as("the peer has closed").isEqualTo(-1);
    }
  }

  @Test
  void closingFromAnotherThreadEndsABlockedRead() throws Exception {
    try (var listener = listenOnLoopback();
        var client =
            SocketTransport.connect(
                listener.getLocalAddress(),
                SOON,
                new KeepaliveOptions(true, 60, 5, 3),
                new StopSignal());
        var server = listener.accept()) {
      assertThat(server.isOpen()).isTrue();
      var reading = new CountDownLatch(1);
      var failure = new AtomicReference<IOException>();
      var reader =
          Thread.ofPlatform()
              .start(() -> {
                reading.countDown();
                try {
                  client.read(ByteBuffer.allocateDirect(1));
                } catch (IOException e) {
                  failure.set(e);
                }
              });
      reading.await();
      client.close();
      reader.join();
      assertThat(failure.get()).isNotNull();
      assertThat(client.isOpen()).isFalse();
    }
  }

  @Test
  void nobodyListeningIsRefusedAndLeaksNothing() throws Exception {
    SocketAddress nobody;
    try (var listener = listenOnLoopback()) {
      nobody = listener.getLocalAddress();
    }
    assertThatThrownBy(() ->
            SocketTransport.connect(
                nobody, SOON, KeepaliveOptions.SYSTEM_DEFAULT, new StopSignal()))
        .isInstanceOf(ConnectException.class);
  }

  private static ServerSocketChannel listenOnLoopback() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static ByteBuffer direct(int... bytes) {
    var buffer = ByteBuffer.allocateDirect(bytes.length);
    for (int b : bytes) {
      buffer.put((byte) b);
    }
    return buffer.flip();
  }
}
