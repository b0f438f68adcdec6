package org.walstream.wire.server;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;
import org.walstream.wire.message.BackendMessage;
import org.walstream.wire.message.Frame;
import org.walstream.wire.message.FrontendMessage;
import org.walstream.wire.message.StartupPacket;
import org.walstream.wire.transport.Transport;

/// One client's connection, message by message.
///
/// Messages are gathered by [#send] and go out with [#flush]. While WAL streams, the sender writes
/// to [#transport] itself and only [#receive] is used here.
///
/// Threads: one that receives and one that sends may be different; [#close] is for any.
public final class ServerConnection implements Closeable {

  /// PQ_LARGE_MESSAGE_LIMIT's counterpart for what clients send us: commands and reports are short.
  public static final int BODY_LENGTH_MAX = 1 << 20;

  /// Before a client has proven who it is, nothing longer is read: PG_MAX_AUTH_TOKEN_LENGTH.
  public static final int UNAUTHENTICATED_BODY_LENGTH_MAX = 65_535;

  /// On the heap, though sockets read into direct memory: that would be given back only when the
  /// heap is collected, which a node hardly ever is, so that strangers who only connect could fill
  /// it. What is sent and read here is short; WAL has buffers of its own.
  private static final int BUFFER_BYTES = 2 << 10;

  private volatile Transport transport;
  private int bodyLengthMax = UNAUTHENTICATED_BODY_LENGTH_MAX;

  /// Always ready to be read from.
  private ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).flip();

  /// Always ready to be written to.
  private ByteBuffer out = ByteBuffer.allocate(BUFFER_BYTES);

  public ServerConnection(Transport transport) {
    this.transport = transport;
  }

  public Transport transport() {
    return transport;
  }

  /// From here on the client may send longer messages.
  public void authenticated() {
    bodyLengthMax = BODY_LENGTH_MAX;
  }

  /// Waits for the first byte of what comes next, which stays there.
  ///
  /// @throws EOFException if the client has gone
  public byte peek() throws IOException {
    fill(1);
    return in.get(in.position());
  }

  /// Makes another transport of this one.
  public interface Upgrade {
    /// @param already bytes that have come over the old one and belong to the new
    Transport over(Transport transport, ByteBuffer already) throws IOException;
  }

  /// From here on bytes go over what `upgrade` makes of the transport.
  public void upgrade(Upgrade upgrade) throws IOException {
    ByteBuffer already = in;
    in = ByteBuffer.allocate(BUFFER_BYTES).flip();
    transport = upgrade.over(transport, already);
  }

  /// Reads the packet that opens a connection.
  ///
  /// @throws EOFException if the client has gone
  /// @throws ProtocolViolation if its length cannot be right
  public StartupPacket receiveStartupPacket() throws IOException {
    fill(Integer.BYTES);
    int length = in.getInt(in.position());
    if (length < 2 * Integer.BYTES || length > StartupPacket.LENGTH_MAX) {
      throw new ProtocolViolation("invalid length of startup packet");
    }
    fill(length);
    ByteBuffer body = in.slice(in.position() + Integer.BYTES, length - Integer.BYTES);
    in.position(in.position() + length);
    return StartupPacket.decode(body);
  }

  /// Waits for the next message. What it holds may share memory with this connection and is good
  /// until the next call.
  ///
  /// @throws EOFException if the client has gone
  public FrontendMessage receive() throws IOException {
    fill(Frame.HEADER_LENGTH);
    byte tag = in.get(in.position());
    int bodyLength = Frame.bodyLength(in, in.position(), bodyLengthMax);
    fill(Frame.HEADER_LENGTH + bodyLength);
    int bodyAt = in.position() + Frame.HEADER_LENGTH;
    ByteBuffer body = in.slice(bodyAt, bodyLength);
    in.position(bodyAt + bodyLength);
    return FrontendMessage.decode(tag, body);
  }

  /// True when the client has sent bytes that were not asked for yet: before authentication that is
  /// an attempt to smuggle.
  public boolean hasUnreadBytes() {
    return in.hasRemaining();
  }

  /// Gathers a message to be sent.
  public void send(BackendMessage message) throws IOException {
    if (out.remaining() < message.length()) {
      flush();
      if (out.capacity() < message.length()) {
        out = ByteBuffer.allocate(message.length());
      }
    }
    message.encode(out);
  }

  /// Sends one bare byte: the answer to a request for encryption.
  public void sendByte(byte answer) throws IOException {
    out.put(answer);
    flush();
  }

  /// Sends what has been gathered.
  public void flush() throws IOException {
    transport.write(out.flip());
    out.clear();
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  private void fill(int count) throws IOException {
    if (in.remaining() >= count) {
      return;
    }
    if (in.capacity() >= count) {
      in.compact();
    } else {
      in = ByteBuffer.allocate(count).put(in);
    }
    do {
      if (transport.read(in) < 0) {
        in.flip();
        throw new EOFException("connection closed by the client");
      }
    } while (in.position() < count);
    in.flip();
  }
}
