package org.walstream.receive;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.CopyDone;
import org.walstream.wire.message.Frame;
import org.walstream.wire.replication.PrimaryKeepalive;
import org.walstream.wire.replication.XLogData;

/// A sender's side of a stream, prepared in advance and delivered in pieces of any size, as a
/// socket does.
final class ScriptedInput implements StreamInput {

  private final ByteBuffer script;
  private final RandomGenerator random;
  private final int pieceBytesMax;
  boolean interludeSeen;

  ScriptedInput(ByteBuffer script, RandomGenerator random, int pieceBytesMax) {
    this.script = script;
    this.random = random;
    this.pieceBytesMax = pieceBytesMax;
  }

  /// Messages of 1 to `messageBytesMax` bytes that carry `wal`, keepalives among them, and
  /// CopyDone.
  static ByteBuffer script(byte[] wal, long startLsn, int messageBytesMax, RandomGenerator random) {
    var out = ByteBuffer.allocate(wal.length * 60 + 1000);
    int at = 0;
    while (at < wal.length) {
      if (random.nextInt(4) == 0) {
        keepalive(out, startLsn + at, random.nextBoolean());
      }
      int length = Math.min(wal.length - at, random.nextInt(1, messageBytesMax + 1));
      Frame.putHeader(out, CopyData.TAG, XLogData.HEADER_LENGTH + length);
      XLogData.encodeHeader(out, startLsn + at, startLsn + wal.length, 7);
      out.put(wal, at, length);
      at += length;
    }
    keepalive(out, startLsn + at, true);
    CopyDone.INSTANCE.encode(out);
    return out.flip();
  }

  static void keepalive(ByteBuffer out, long lsn, boolean replyRequested) {
    Frame.putHeader(out, CopyData.TAG, PrimaryKeepalive.LENGTH);
    new PrimaryKeepalive(lsn, 8, replyRequested).encode(out);
  }

  @Override
  public long read(ByteBuffer[] dsts) {
    if (!script.hasRemaining()) {
      return -1;
    }
    int left = Math.min(random.nextInt(1, pieceBytesMax + 1), script.remaining());
    long read = 0;
    for (ByteBuffer dst : dsts) {
      int count = Math.min(left, dst.remaining());
      dst.put(dst.position(), script, script.position(), count).position(dst.position() + count);
      script.position(script.position() + count);
      left -= count;
      read += count;
    }
    return read;
  }

  @Override
  public boolean interlude(ByteBuffer begun) {
    interludeSeen = true;
    return begun.get(0) != CopyDone.TAG;
  }
}
