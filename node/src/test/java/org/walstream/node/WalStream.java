package org.walstream.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.wal.Lsn;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.client.QueryResult;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.Frame;
import org.walstream.wire.replication.PrimaryKeepalive;
import org.walstream.wire.replication.SenderMessage;
import org.walstream.wire.replication.StandbyStatusUpdate;
import org.walstream.wire.replication.XLogData;

/// A standby made by hand: streams over a [PgClient], keeps nothing, says only what it is told to.
/// Fails on a gap in what it is sent.
final class WalStream {

  private static final int HEADER_BYTES = Frame.HEADER_LENGTH;

  private final PgClient client;
  private final ByteBuffer in = ByteBuffer.allocate(1 << 20).limit(0);
  private long endLsn;

  private WalStream(PgClient client, long startLsn) {
    this.client = client;
    this.endLsn = startLsn;
  }

  /// Begins to stream; `options` go between START_REPLICATION and the position.
  static WalStream open(PgClient client, String options, long startLsn, int timeline)
      throws IOException {
    var command =
        "START_REPLICATION %s %s TIMELINE %d".formatted(options, Lsn.format(startLsn), timeline);
    if (client.startCopyBoth(command).isPresent()) {
      throw new IOException("nothing to stream: " + command);
    }
    return new WalStream(client, startLsn);
  }

  static WalStream open(PgClient client, long startLsn, int timeline) throws IOException {
    return open(client, "", startLsn, timeline);
  }

  /// The end of what has come so far.
  long endLsn() {
    return endLsn;
  }

  void readTo(long lsn) throws IOException {
    while (Lsn.isBefore(endLsn, lsn)) {
      if (!next()) {
        throw new IOException("the stream ended at " + Lsn.format(endLsn));
      }
    }
  }

  /// Reads until the sender ends the stream.
  void readToEnd() throws IOException {
    while (next()) {
      // the next message
    }
  }

  void report(long writtenLsn, long flushedLsn) throws IOException {
    var update = new StandbyStatusUpdate(writtenLsn, flushedLsn, 0, 0, false);
    var out = ByteBuffer.allocate(HEADER_BYTES + update.length());
    Frame.putHeader(out, CopyData.TAG, update.length());
    update.encode(out);
    client.transport().write(out.flip());
  }

  /// Ends our side too.
  QueryResult finish() throws IOException {
    client.sendCopyDone();
    return client.finishCopy();
  }

  /// @return false at the end of the stream
  private boolean next() throws IOException {
    fill(HEADER_BYTES);
    if (in.get(in.position()) != CopyData.TAG) {
      client.giveBack(in);
      in.limit(in.position());
      return client.readInterlude();
    }
    int length = Frame.bodyLength(in, in.position(), 1 << 20);
    fill(HEADER_BYTES + length);
    ByteBuffer body = in.slice(in.position() + HEADER_BYTES, length);
    in.position(in.position() + HEADER_BYTES + length);
    switch (SenderMessage.decode(body)) {
      case XLogData wal -> {
        if (wal.startLsn() != endLsn) {
          throw new IOException(
              "WAL for %s came at %s".formatted(Lsn.format(wal.startLsn()), Lsn.format(endLsn)));
        }
        endLsn += wal.data().remaining();
      }
      case PrimaryKeepalive keepalive -> {}
    }
    return true;
  }

  private void fill(int bytes) throws IOException {
    in.compact();
    while (in.position() < bytes) {
      if (client.readStream(new ByteBuffer[] {in}) < 0) {
        throw new IOException("the server closed the connection");
      }
    }
    in.flip();
  }
}
