package org.walstream.wire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.walstream.wire.ProtocolVersion;
import org.walstream.wire.ProtocolViolation;
import org.walstream.wire.message.CommandComplete;
import org.walstream.wire.message.Query;
import org.walstream.wire.message.ReadyForQuery;
import org.walstream.wire.message.StartupPacket;
import org.walstream.wire.transport.Transport;

class ServerConnectionTest {

  @Test
  void readsPacketAndMessagesHoweverTheyAreCut() throws Exception {
    var packet = new StartupPacket.Startup(ProtocolVersion.V3_0, Map.of("user", "u"));
    var query = new Query("SELECT " + "x".repeat(5_000));
    var sent = ByteBuffer.allocate(packet.length() + 2 * query.length());
    packet.encode(sent);
    query.encode(sent);
    query.encode(sent);
    for (int piece : new int[] {1, 7, 4096, sent.capacity()}) {
      var connection = new ServerConnection(new Scripted(sent.duplicate().flip(), piece));
      assertThat(connection.receiveStartupPacket()).isEqualTo(packet);
      assertThat(connection.receive()).isEqualTo(query);
      assertThat(connection.receive()).isEqualTo(query);
      assertThatThrownBy(connection::receive).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void gathersMessagesUntilTheyAreFlushed() throws Exception {
    var transport = new Scripted(ByteBuffer.allocate(0), 1);
    var connection = new ServerConnection(transport);
    connection.send(new CommandComplete("SHOW"));
    connection.send(ReadyForQuery.IDLE);
    assertThat(transport.writes).isZero();
    connection.flush();
    assertThat(transport.writes).isEqualTo(1);
    connection.send(new CommandComplete("y".repeat(10_000)));
    connection.flush();
    assertThat(transport.written).isEqualTo(10 + 6 + 10_006);
  }

  @Test
  void impossibleLengthsAreRefusedBeforeAnythingIsReadForThem() {
    for (int length : new int[] {-1, 0, 7, 10_001, Integer.MAX_VALUE}) {
      var bytes = ByteBuffer.allocate(4).putInt(length).flip();
      assertThatThrownBy(() -> new ServerConnection(new Scripted(bytes, 9)).receiveStartupPacket())
          .isInstanceOf(ProtocolViolation.class)
          .hasMessage("invalid length of startup packet");
    }
    var message = ByteBuffer.allocate(5).put((byte) 'p').putInt(70_000).flip();
    assertThatThrownBy(() -> new ServerConnection(new Scripted(message, 9)).receive())
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("invalid message length 70000 of message type \"p\"");
  }

  /// Plays back what a client sends, `piece` bytes at a time.
  private static final class Scripted implements Transport {
    private final ByteBuffer incoming;
    private final int piece;
    private int writes;
    private int written;

    Scripted(ByteBuffer incoming, int piece) {
      this.incoming = incoming;
      this.piece = piece;
    }

    @Override
    public int read(ByteBuffer dst) {
      if (!incoming.hasRemaining()) {
        return -1;
      }
      int count = Math.min(piece, Math.min(dst.remaining(), incoming.remaining()));
      dst.put(incoming.slice(incoming.position(), count));
      incoming.position(incoming.position() + count);
      return count;
    }

    @Override
    public long read(ByteBuffer[] dsts) {
      return read(dsts[0]);
    }

    @Override
    public void end() {}

    @Override
    public void shutdownInput() {
      incoming.position(incoming.limit());
    }

    @Override
    public void write(ByteBuffer src) {
      writes++;
      written += src.remaining();
      src.position(src.limit());
    }

    @Override
    public void write(ByteBuffer[] srcs) {
      for (ByteBuffer src : srcs) {
        write(src);
      }
    }

    @Override
    public SocketAddress peerAddress() {
      return new InetSocketAddress(0);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
