package org.walstream.receive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/// An upstream that accepts and never answers.
final class SilentServer implements AutoCloseable {

  private final ServerSocket listener;
  private final CountDownLatch spokenTo = new CountDownLatch(1);

  SilentServer() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("silent-server").start(this::accept);
  }

  private void accept() {
    try (Socket client = listener.accept()) {
      client.getInputStream().read();
      spokenTo.countDown();
      client.getInputStream().readAllBytes();
    } catch (IOException e) {
      if (!listener.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  String conninfo() {
    return "host=127.0.0.1 user=nobody port=" + listener.getLocalPort();
  }

  /// Waits until somebody is waiting for an answer.
  void awaitSpokenTo() throws InterruptedException {
    spokenTo.await();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
