package org.walstream.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/// A line to a server that damages a few bytes in a row, from the one that comes as number `flipAt`
/// down to the client, counted over all connections. Everything after them passes unharmed.
public final class FlippingProxy implements AutoCloseable {

  private static final int FLIPPED_BYTES = 16;

  private final ServerSocket listener;
  private final int serverPort;
  private final AtomicLong untilFlip;

  public FlippingProxy(int serverPort, long flipAt) throws IOException {
    this.serverPort = serverPort;
    this.untilFlip = new AtomicLong(flipAt);
    this.listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  /// How the server is reached through it.
  public String conninfo() {
    return "host=127.0.0.1 port=%d user=postgres".formatted(listener.getLocalPort());
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// Whether the damage is done.
  public boolean hasFlipped() {
    return untilFlip.get() < 0;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      var server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
      daemon(() -> client.getInputStream().transferTo(server.getOutputStream()));
      daemon(() -> {
        try (client;
            server) {
          carryDown(server.getInputStream(), client.getOutputStream());
        }
      });
    }
  }

  private void carryDown(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[32 << 10];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      long before = untilFlip.getAndAdd(-read);
      if (before >= 0 && before < read) {
        for (int i = (int) before; i < Math.min(read, before + FLIPPED_BYTES); i++) {
          buffer[i] ^= 0x10;
        }
      }
      out.write(buffer, 0, read);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(Work work) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            work.run();
          } catch (IOException e) {
            // one of the ends has gone
          }
        });
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
