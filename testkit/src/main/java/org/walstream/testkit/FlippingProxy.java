package org.walstream.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// A line to a server that damages a few bytes of WAL in a row, from about the one that comes as
/// number `flipAt` down to the client, counted over all connections. Everything after them passes
/// unharmed, and so do the headers of messages: damage to them is another matter.
public final class FlippingProxy implements AutoCloseable {

  private static final int FLIPPED_BYTES = 16;

  /// Of a message with WAL: type, length, kind, and three numbers.
  private static final int HEADER_BYTES = 1 + 4 + 1 + 3 * 8;

  private final ServerSocket listener;
  private final int serverPort;
  private long untilFlip;
  private boolean flipped;

  public FlippingProxy(int serverPort, long flipAt) throws IOException {
    this.serverPort = serverPort;
    this.untilFlip = flipAt;
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
  public synchronized boolean hasFlipped() {
    return flipped;
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
      damage(buffer, read);
      out.write(buffer, 0, read);
    }
  }

  private synchronized void damage(byte[] buffer, int length) {
    int from = (int) Math.min(length, Math.max(untilFlip, HEADER_BYTES));
    for (int at = from; !flipped && at + FLIPPED_BYTES < length; at += FLIPPED_BYTES) {
      if (!touchesHeader(buffer, at)) {
        for (int i = at; i < at + FLIPPED_BYTES; i++) {
          buffer[i] ^= 0x10;
        }
        flipped = true;
      }
    }
    untilFlip -= length;
  }

  /// Whether there may be a header, or the end of one, in what begins at `at`.
  private static boolean touchesHeader(byte[] buffer, int at) {
    for (int i = at - HEADER_BYTES; i < at + FLIPPED_BYTES; i++) {
      if (buffer[i] == 'd' && buffer[i + 1] == 0) { // no message is as long as 16 MB
        return true;
      }
    }
    return false;
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
