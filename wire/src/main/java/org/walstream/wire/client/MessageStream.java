package org.walstream.wire.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;
import org.walstream.wire.message.BackendMessage;
import org.walstream.wire.message.Frame;
import org.walstream.wire.message.FrontendMessage;
import org.walstream.wire.message.StartupPacket;
import org.walstream.wire.transport.Transport;

/// Whole messages over a [Transport], for everything but the hot path. Bytes that were read beyond
/// the current message wait in `in`.
final class MessageStream {

  private static final int BUFFER_BYTES = 8 << 10;

  /// More than any answer a receiver asks for, and little enough to refuse a peer that does not
  /// speak the protocol: four random bytes taken for a length.
  private static final int BODY_LENGTH_MAX = 64 << 20;

  private final Transport transport;

  /// Always ready to be read from: position to limit is what has come and is not taken.
  private ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();

  MessageStream(Transport transport) {
    this.transport = transport;
  }

  Transport transport() {
    return transport;
  }

  void write(FrontendMessage message) throws IOException {
    var out = ByteBuffer.allocateDirect(message.length());
    message.encode(out);
    transport.write(out.flip());
  }

  void write(StartupPacket packet) throws IOException {
    var out = ByteBuffer.allocateDirect(packet.length());
    packet.encode(out);
    transport.write(out.flip());
  }

  /// The next message, waited for. What it holds may share memory with this stream and is good
  /// until the next call.
  ///
  /// @throws EOFException with libpq's message if the server has gone
  /// @throws ProtocolViolation if it does not speak the protocol
  BackendMessage read() throws IOException {
    fill(Frame.HEADER_LENGTH);
    byte tag = in.get(in.position());
    int bodyLength = Frame.bodyLength(in, in.position(), BODY_LENGTH_MAX);
    fill(Frame.HEADER_LENGTH + bodyLength);
    int bodyAt = in.position() + Frame.HEADER_LENGTH;
    ByteBuffer body = in.slice(bodyAt, bodyLength);
    in.position(bodyAt + bodyLength);
    return BackendMessage.decode(tag, body);
  }

  /// Waits until `count` bytes are there.
  private void fill(int count) throws IOException {
    if (in.remaining() >= count) {
      return;
    }
    makeRoom(count);
    do {
      if (transport.read(in) < 0) {
        in.flip();
        throw new EOFException("server closed the connection unexpectedly");
      }
    } while (in.position() < count);
    in.flip();
  }

  /// Moves what is there to the front, ready to be written behind.
  private void makeRoom(int count) {
    if (in.capacity() >= count) {
      in.compact();
    } else {
      in = ByteBuffer.allocateDirect(Math.max(count, 2 * in.capacity())).put(in);
    }
  }

  /// Reads bytes of the stream, those first that are here already.
  ///
  /// @return as [Transport#read(ByteBuffer[])]
  long read(ByteBuffer[] dsts) throws IOException {
    return in.hasRemaining() ? take(dsts) : transport.read(dsts);
  }

  private long take(ByteBuffer[] dsts) {
    long taken = 0;
    for (ByteBuffer dst : dsts) {
      int count = Math.min(dst.remaining(), in.remaining());
      dst.put(dst.position(), in, in.position(), count).position(dst.position() + count);
      in.position(in.position() + count);
      taken += count;
    }
    return taken;
  }

  /// Puts back bytes that were taken and turned out to be a message for [#read()].
  void giveBack(ByteBuffer bytes) {
    var joined =
        ByteBuffer.allocateDirect(Math.max(BUFFER_BYTES, bytes.remaining() + in.remaining()));
    in = joined.put(bytes).put(in).flip();
  }
}
