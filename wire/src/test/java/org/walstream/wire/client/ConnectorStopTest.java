package org.walstream.wire.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.transport.Network;
import org.walstream.wire.transport.StopSignal;
import org.walstream.wire.transport.StoppedException;

/// Every wait of connecting is endless here, until the signal is raised.
@Timeout(600)
class ConnectorStopTest {

  private final StopSignal stop = new StopSignal();

  /// Connects on a thread of its own, to `localhost` too if that were tried next.
  private CompletableFuture<Object> connecting(String conninfo) {
    var nothing = new LibpqEnvironment(Map.of(), "os", Path.of("/nonexistent"), warning -> {});
    var settings = ConnectionSettings.of(ConnInfo.parse(conninfo), nothing);
    var end = new CompletableFuture<Object>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            end.complete(PgClient.connect(settings, stop, Network.real()));
          } catch (IOException | RuntimeException e) {
            end.complete(e);
          }
        });
    return end;
  }

  @Test
  void reachesTheLookUpOfAName() throws Exception {
    var end = connecting("host=" + StuckResolver.NAME + ",localhost port=1");
    StuckResolver.ASKED.await();
    stop.raise();
    assertThat(end.get()).isInstanceOf(StoppedException.class);
  }

  @Test
  void reachesAConnectionThatIsNotAccepted() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Socket> queue = fill(listener);
      var end = connecting("host=127.0.0.1,127.0.0.1 port=" + listener.getLocalPort());
      stop.raise();
      assertThat(end.get()).isInstanceOf(StoppedException.class);
      for (Socket socket : queue) {
        socket.close();
      }
    }
  }

  /// Connects until the kernel's queue of those who are not yet accepted takes no more.
  private static List<Socket> fill(ServerSocket listener) throws IOException {
    var queue = new ArrayList<Socket>();
    while (true) {
      var socket = new Socket();
      queue.add(socket);
      try {
        socket.connect(
            new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()), 500);
      } catch (SocketTimeoutException full) {
        return queue;
      }
    }
  }

  @Test
  void reachesAServerThatAcceptsAndNeverAnswers() throws Exception {
    try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var accepted = new CountDownLatch(1);
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try (var client = listener.accept()) {
              client.getInputStream().read();
              accepted.countDown();
              client.getInputStream().readAllBytes(); // and not a word
            } catch (IOException e) {
              accepted.countDown();
            }
          });
      var end = connecting("host=127.0.0.1,127.0.0.1 port=" + listener.getLocalPort());
      accepted.await();
      stop.raise();
      assertThat(end.get()).isInstanceOf(StoppedException.class);
    }
  }
}
