package org.walstream.wire.replication;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// A sign of life from the sender, and how far its WAL reaches: message `k` inside CopyData.
///
/// ```
/// offset  bytes  field            (integers big-endian)
///      0      1  'k'
///      1      8  walEndLsn        end of the WAL that the sender has sent
///      9      8  sendTimeMicros   since 2000-01-01 00:00 UTC
///     17      1  replyRequested   1: report at once, or be taken for dead
/// ```
///
/// Source: PostgreSQL manual, "Streaming Replication Protocol"; written by WalSndKeepalive(),
/// walsender.c.
public record PrimaryKeepalive(long walEndLsn, long sendTimeMicros, boolean replyRequested)
    implements SenderMessage {

  public static final byte TAG = 'k';

  /// Bytes of the message, tag included.
  public static final int LENGTH = 18;

  /// Reads one message; `body` stands just past the tag and is left at the message's end.
  ///
  /// @throws ProtocolViolation if the length is not exactly [#LENGTH]
  public static PrimaryKeepalive decode(ByteBuffer body) throws ProtocolViolation {
    requireLength(body.remaining() + 1);
    return new PrimaryKeepalive(body.getLong(), body.getLong(), body.get() != 0);
  }

  /// @throws ProtocolViolation unless a `k` message of `length` bytes, tag included, is as long as
  ///   it must be
  public static void requireLength(int length) throws ProtocolViolation {
    StandbyMessage.requireLength(TAG, LENGTH - 1, length - 1);
  }

  @Override
  public int length() {
    return LENGTH;
  }

  @Override
  public void encode(ByteBuffer out) {
    out.put(TAG).putLong(walEndLsn).putLong(sendTimeMicros).put((byte) (replyRequested ? 1 : 0));
  }
}
