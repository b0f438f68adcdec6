package org.walstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class FaultProxyTest {

  private final ServerSocket echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  private final FaultProxy proxy = FaultProxy.to(echo.getLocalPort());

  FaultProxyTest() throws IOException {}

  @BeforeEach
  void startEcho() {
    Thread.ofPlatform().daemon().start(this::serve);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void carriesBytesBothWaysAndTheEndOfTheStream() throws IOException {
    try (var client = connect()) {
      var bytes = new byte[1 << 20];
      bytes[77] = 7;
      Thread.ofPlatform().start(() -> sendAll(client, bytes));
      assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes);
    }
    assertThat(proxy.towardsServer().bytesPassed()).isEqualTo(1 << 20);
    assertThat(proxy.towardsClient().bytesPassed()).isEqualTo(1 << 20);
  }

  @Test
  void delaysEveryByteWithoutHoldingBackTheSender() throws IOException {
    proxy.towardsServer().delay(Duration.ofMillis(500));
    try (var client = connect()) {
      var start = System.nanoTime();
      for (int i = 0; i < 1000; i++) { // one after the other these would take eight minutes
        client.getOutputStream().write(i);
      }
      client.getInputStream().readNBytes(1000);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(500), Duration.ofMinutes(1));
    }
  }

  @Test
  void limitsTheBandwidth() throws IOException {
    proxy.towardsClient().bandwidth(100_000);
    try (var client = connect()) {
      var start = System.nanoTime();
      client.getOutputStream().write(new byte[50_000]);
      client.getInputStream().readNBytes(50_000);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
    }
  }

  @Test
  void stallsAndResumes() throws IOException {
    try (var client = connect()) {
      proxy.towardsClient().stall();
      client.getOutputStream().write(1);
      client.setSoTimeout(200);
      assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("timed out");
      proxy.towardsClient().resume();
      client.setSoTimeout(0);
      assertThat(client.getInputStream().read()).isEqualTo(1);
    }
  }

  @Test
  void stalledDirectionPushesBackOnTheSender() throws Exception {
    proxy.towardsServer().stall();
    try (var client = connect()) {
      var sender = Thread.ofPlatform().daemon().start(() -> sendAll(client, new byte[64 << 20]));
      sender.join(Duration.ofMillis(500));
      assertThat(sender.isAlive()).isTrue();
      proxy.towardsServer().resume();
      assertThat(client.getInputStream().readAllBytes()).hasSize(64 << 20);
    }
  }

  @Test
  void cutsConnectionsAndRefusesNewOnes() throws IOException {
    try (var client = connect()) {
      client.getOutputStream().write(1);
      assertThat(client.getInputStream().read()).isEqualTo(1);
      proxy.refuse(true);
      proxy.cut();
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
    }
    try (var client = connect()) {
      assertThatThrownBy(
              () -> {
                client.getOutputStream().write(1);
                assertThat(client.getInputStream().read()).isEqualTo(1);
              })
          .isInstanceOf(IOException.class);
    }
    proxy.refuse(false);
    try (var client = connect()) {
      client.getOutputStream().write(2);
      assertThat(client.getInputStream().read()).isEqualTo(2);
    }
  }

  @Test
  void cutsInsideAMessage() throws IOException {
    proxy.towardsServer().cutAfter(10);
    try (var client = connect()) {
      client.getOutputStream().write(new byte[1000]);
      assertThatThrownBy(() -> client.getInputStream().readNBytes(1000))
          .isInstanceOf(IOException.class);
    }
    assertThat(proxy.towardsServer().bytesPassed()).isEqualTo(10);
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
  }

  private static void sendAll(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
    } catch (IOException e) {
      // the test has ended
    }
  }

  private void serve() {
    while (!echo.isClosed()) {
      try {
        var socket = echo.accept();
        Thread.ofPlatform().daemon().start(() -> answer(socket));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private static void answer(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // cut
    }
  }
}
