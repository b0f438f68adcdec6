package org.walstream.bench;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// How soon a session that has said LISTEN is told that a standby has gone: from the standby's last
/// word to the listener's hands.
final class NotifyBench {

  private static final String STATE = "\"state\": \"disconnected\"";
  private static final long PATIENCE_SECONDS = 60;
  private static final int LENGTH_BYTES = 4;

  private final RelayProcess relay;
  private final int times;
  private final BlockingQueue<Long> told = new LinkedBlockingQueue<>();

  NotifyBench(RelayProcess relay, int times) {
    this.relay = relay;
    this.times = times;
  }

  /// The table, in Markdown.
  String run() throws IOException, InterruptedException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
      OutputStream out = socket.getOutputStream();
      var in = new DataInputStream(socket.getInputStream());
      out.write(startup());
      skipToReady(in);
      out.write(query("LISTEN walstream_replication"));
      skipToReady(in);
      Thread.ofPlatform().daemon().name("listener").start(() -> listen(in));
      double[] milliseconds = new double[times];
      for (int i = 0; i < times; i++) {
        milliseconds[i] = once();
      }
      Arrays.sort(milliseconds);
      return String.format(
          Locale.ROOT,
          """

          ### From a change to its notification, %,d times

          | median ms | p99 ms | worst ms |
          |---|---|---|
          | %.2f | %.2f | %.2f |
          """,
          times,
          milliseconds[times / 2],
          milliseconds[times * 99 / 100],
          milliseconds[times - 1]);
    }
  }

  private double once() throws IOException, InterruptedException {
    try (var standby = TlsBench.connect(relay.conninfo() + " replication=true")) {
      standby.query("IDENTIFY_SYSTEM");
      long start = System.nanoTime();
      standby.terminate();
      Long end = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (end == null) {
        throw new IOException("nobody has been told");
      }
      return (end - start) / 1e6;
    }
  }

  private void listen(DataInputStream in) {
    try {
      while (true) {
        in.readByte(); // nothing but notifications comes now
        if (body(in).contains(STATE)) {
          told.add(System.nanoTime());
        }
      }
    } catch (IOException e) {
      // the end of the bench
    }
  }

  private static void skipToReady(DataInputStream in) throws IOException {
    for (byte tag = in.readByte(); tag != 'Z'; tag = in.readByte()) {
      String body = body(in);
      if (tag == 'E') {
        throw new EOFException("the relay refuses: " + body.replace('\0', ' '));
      }
    }
    body(in);
  }

  private static String body(DataInputStream in) throws IOException {
    byte[] body = new byte[in.readInt() - LENGTH_BYTES];
    in.readFully(body);
    return new String(body, StandardCharsets.UTF_8);
  }

  private static byte[] startup() {
    byte[] parameters = "user\0standby\0database\0x\0\0".getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(8 + parameters.length)
        .putInt(8 + parameters.length)
        .putInt(3 << 16) // protocol 3.0
        .put(parameters)
        .array();
  }

  private static byte[] query(String sql) {
    byte[] text = (sql + '\0').getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(1 + LENGTH_BYTES + text.length)
        .put((byte) 'Q')
        .putInt(LENGTH_BYTES + text.length)
        .put(text)
        .array();
  }
}
