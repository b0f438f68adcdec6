package org.walstream.send;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.client.QueryResult;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.Frame;
import org.walstream.wire.replication.PrimaryKeepalive;
import org.walstream.wire.replication.SenderMessage;
import org.walstream.wire.replication.StandbyMessage;
import org.walstream.wire.replication.StandbyStatusUpdate;
import org.walstream.wire.replication.XLogData;

/// A standby as the sender sees it, under a test's control message by message.
public final class StandbyClient implements AutoCloseable {

  private static final int LENGTH_MAX = 1 << 20;

  private final PgClient client;
  private ByteBuffer in = ByteBuffer.allocateDirect(LENGTH_MAX).flip();

  public StandbyClient(PgClient client) {
    this.client = client;
  }

  PgClient client() {
    return client;
  }

  /// @return the result if the server did not stream
  public Optional<QueryResult> start(String command) throws IOException {
    return client.startCopyBoth(command);
  }

  /// The next message; empty when the server has ended the stream: go on with [#finish].
  Optional<SenderMessage> next() throws IOException {
    fill(Frame.HEADER_LENGTH);
    if (in.get(in.position()) != CopyData.TAG) {
      client.giveBack(in);
      in = ByteBuffer.allocateDirect(LENGTH_MAX).flip();
      return Optional.empty();
    }
    int bodyLength = Frame.bodyLength(in, in.position(), LENGTH_MAX);
    fill(Frame.HEADER_LENGTH + bodyLength);
    var body = ByteBuffer.allocate(bodyLength);
    body.put(in.slice(in.position() + Frame.HEADER_LENGTH, bodyLength)).flip();
    in.position(in.position() + Frame.HEADER_LENGTH + bodyLength);
    return Optional.of(SenderMessage.decode(body));
  }

  /// The next piece of WAL; keepalives are passed over.
  public XLogData nextWal() throws IOException {
    while (true) {
      SenderMessage message = next().orElseThrow(() -> new EOFException("the stream has ended"));
      if (message instanceof XLogData wal) {
        return wal;
      }
    }
  }

  PrimaryKeepalive nextKeepalive() throws IOException {
    while (true) {
      SenderMessage message = next().orElseThrow(() -> new EOFException("the stream has ended"));
      if (message instanceof PrimaryKeepalive keepalive) {
        return keepalive;
      }
    }
  }

  /// Reads WAL from `lsn` to `endLsn`, which must come without a gap, into one array.
  public byte[] readWal(long lsn, long endLsn) throws IOException {
    var wal = ByteBuffer.allocate((int) (endLsn - lsn));
    while (wal.hasRemaining()) {
      XLogData piece = nextWal();
      if (piece.startLsn() != lsn + wal.position()) {
        throw new IOException("WAL at %x does not continue".formatted(piece.startLsn()));
      }
      wal.put(piece.data());
    }
    return wal.array();
  }

  public void report(long writtenLsn, long flushedLsn, long appliedLsn) throws IOException {
    send(new StandbyStatusUpdate(writtenLsn, flushedLsn, appliedLsn, 1, false));
  }

  void send(StandbyMessage message) throws IOException {
    var out = ByteBuffer.allocateDirect(Frame.HEADER_LENGTH + message.length());
    Frame.putHeader(out, CopyData.TAG, message.length());
    message.encode(out);
    client.transport().write(out.flip());
  }

  /// Ends our side; whatever the server still sends is dropped.
  QueryResult finish() throws IOException {
    client.giveBack(in);
    in = ByteBuffer.allocateDirect(LENGTH_MAX).flip();
    client.sendCopyDone();
    return client.finishCopy();
  }

  @Override
  public void close() throws IOException {
    client.close();
  }

  private void fill(int count) throws IOException {
    while (in.remaining() < count) {
      in.compact();
      long read = client.readStream(new ByteBuffer[] {in});
      in.flip();
      if (read < 0) {
        throw new EOFException("the server has closed the connection");
      }
    }
  }
}
