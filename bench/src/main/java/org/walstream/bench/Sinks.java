package org.walstream.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/// Many receivers in one thread, since what they cost is taken from the sender's share of the
/// machine.
final class Sinks implements AutoCloseable {

  private static final int READ_BYTES = 1 << 20;
  private static final int SELECT_TIMEOUT_MS = 60_000;

  private final List<SinkConnection> connections = new ArrayList<>();

  private Sinks() {}

  /// Connects `count` receivers that want `bytesEach` bytes of WAL.
  static Sinks connect(int port, String user, int count, long bytesEach) throws IOException {
    var sinks = new Sinks();
    for (int i = 0; i < count; i++) {
      sinks.connections.add(SinkConnection.connect(port, user, bytesEach));
    }
    return sinks;
  }

  /// Streams from `lsn` on until every receiver has what it wants; returns the seconds that took.
  /// The connections stay open.
  double drain(long lsn) throws IOException {
    var buffer = ByteBuffer.allocateDirect(READ_BYTES);
    try (var selector = Selector.open()) {
      var start = System.nanoTime();
      for (var connection : connections) {
        connection.start(lsn);
        connection.channel().register(selector, SelectionKey.OP_READ, connection);
      }
      for (int left = connections.size(); left > 0; ) {
        if (selector.select(SELECT_TIMEOUT_MS) == 0) {
          throw new IOException("no receiver got anything for a minute, %d wait".formatted(left));
        }
        for (var key : selector.selectedKeys()) {
          if (((SinkConnection) key.attachment()).read(buffer)) {
            key.cancel();
            left--;
          }
        }
        selector.selectedKeys().clear();
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }

  @Override
  public void close() throws IOException {
    for (var connection : connections) {
      connection.close();
    }
  }
}
