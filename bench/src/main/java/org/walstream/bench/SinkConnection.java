package org.walstream.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.walstream.wal.Lsn;

/// A receiver that throws everything away, and knows only how much WAL there was: the least a
/// client can do, so that the sender is what is measured.
///
/// It reads messages by their length alone. Each is `tag(1) length(4) body`; WAL comes as CopyData
/// with a header of 25 bytes before it, so a message of length n carries n - 29 bytes of WAL, and a
/// keepalive, being shorter, none.
final class SinkConnection implements AutoCloseable {

  private static final int LENGTH_BYTES = 4;
  private static final int OVERHEAD = LENGTH_BYTES + 25;
  private static final int RECEIVE_BUFFER = 1 << 20;

  private final SocketChannel channel;
  private final long wanted;
  private long received;
  private int bodyLeft; // of the message being read
  private int headerRead; // bytes of the next message's tag and length
  private int length;

  private SinkConnection(SocketChannel channel, long wanted) {
    this.channel = channel;
    this.wanted = wanted;
  }

  /// Connects as a walreceiver does, without a password, up to the server's ReadyForQuery.
  static SinkConnection connect(int port, String user, long wanted) throws IOException {
    var channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    var sink = new SinkConnection(channel, wanted);
    sink.send(startup(user));
    sink.skipUntil('Z');
    return sink;
  }

  /// Asks for WAL from `lsn` on; from then on the channel does not block.
  void start(long lsn) throws IOException {
    var command = "START_REPLICATION " + Lsn.format(lsn) + " TIMELINE 1\0";
    var query = ByteBuffer.allocate(command.length() + 5);
    query.put((byte) 'Q').putInt(command.length() + LENGTH_BYTES);
    send(query.put(command.getBytes(StandardCharsets.US_ASCII)).flip());
    skipUntil('W');
    channel.configureBlocking(false);
  }

  /// How many bytes of WAL have been announced so far.
  long received() {
    return received;
  }

  SocketChannel channel() {
    return channel;
  }

  /// Reads what is there; true when as much WAL as wanted has come.
  boolean read(ByteBuffer buffer) throws IOException {
    if (channel.read(buffer.clear()) < 0) {
      throw new EOFException(
          "the sender closed the connection after %,d bytes".formatted(received));
    }
    buffer.flip();
    while (buffer.hasRemaining()) {
      if (bodyLeft > 0) {
        var skipped = Math.min(bodyLeft, buffer.remaining());
        buffer.position(buffer.position() + skipped);
        bodyLeft -= skipped;
      } else {
        if (headerRead == 0 && buffer.get(buffer.position()) != 'd') {
          throw new IOException(
              "this instead of WAL: "
                  + StandardCharsets.ISO_8859_1.decode(buffer).toString().replace('\0', ' '));
        }
        header(buffer.get());
      }
    }
    return received >= wanted;
  }

  /// Drops the connection.
  @Override
  public void close() throws IOException {
    channel.close();
  }

  /// The tag, then the length, most significant byte first.
  private void header(byte next) {
    if (headerRead > 0) {
      length = (length << 8) | (next & 0xFF);
    }
    headerRead++;
    if (headerRead == 1 + LENGTH_BYTES) {
      bodyLeft = length - LENGTH_BYTES;
      received += Math.max(0, length - OVERHEAD);
      headerRead = 0;
      length = 0;
    }
  }

  /// Reads whole messages up to the first with tag `last`, while the channel still blocks.
  private void skipUntil(char last) throws IOException {
    var header = ByteBuffer.allocate(1 + LENGTH_BYTES);
    while (true) {
      readFully(header.clear());
      var body = ByteBuffer.allocate(header.getInt(1) - LENGTH_BYTES);
      readFully(body);
      var tag = (char) header.get(0);
      if (tag == 'E') {
        throw new IOException(
            "the sender refuses: "
                + StandardCharsets.UTF_8.decode(body).toString().replace('\0', ' '));
      }
      if (tag == last) {
        return;
      }
    }
  }

  private void readFully(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the sender closed the connection");
      }
    }
    buffer.flip();
  }

  private void send(ByteBuffer message) throws IOException {
    while (message.hasRemaining()) {
      channel.write(message);
    }
  }

  private static ByteBuffer startup(String user) {
    var parameters =
        ("user\0" + user + "\0replication\0true\0application_name\0sink\0\0")
            .getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(8 + parameters.length)
        .putInt(8 + parameters.length)
        .putInt(3 << 16) // protocol 3.0
        .put(parameters)
        .flip();
  }
}
