package org.walstream.wire.replication;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// How far a standby has come, as it reports it to its sender: message `r` inside CopyData.
///
/// ```
/// offset  bytes  field            (integers big-endian)
///      0      1  'r'
///      1      8  writtenLsn       end of the WAL handed to the file system
///      9      8  flushedLsn       end of the WAL that survives a crash there
///     17      8  appliedLsn       end of the WAL replayed
///     25      8  clientTimeMicros since 2000-01-01 00:00 UTC
///     33      1  replyRequested   1: answer at once (a probe of the sender's life)
/// ```
///
/// The three positions are *not* checked against each other: after recovery from the archive a
/// standby has applied more than it has received, and says so. A position of 0 means "I do not
/// know".
///
/// Source: PostgreSQL manual, "Streaming Replication Protocol"; read by
/// ProcessStandbyReplyMessage(), walsender.c.
public record StandbyStatusUpdate(
    long writtenLsn,
    long flushedLsn,
    long appliedLsn,
    long clientTimeMicros,
    boolean replyRequested)
    implements StandbyMessage {

  public static final byte TAG = 'r';

  /// Bytes of the message, tag included.
  public static final int LENGTH = 34;

  /// Reads one message; `body` stands just past the tag and is left at the message's end.
  ///
  /// @throws ProtocolViolation if the length is not exactly [#LENGTH]
  public static StandbyStatusUpdate decode(ByteBuffer body) throws ProtocolViolation {
    StandbyMessage.requireLength(TAG, LENGTH - 1, body.remaining());
    return new StandbyStatusUpdate(
        body.getLong(), body.getLong(), body.getLong(), body.getLong(), body.get() != 0);
  }

  @Override
  public int length() {
    return LENGTH;
  }

  @Override
  public void encode(ByteBuffer out) {
    out.put(TAG)
        .putLong(writtenLsn)
        .putLong(flushedLsn)
        .putLong(appliedLsn)
        .putLong(clientTimeMicros)
        .put((byte) (replyRequested ? 1 : 0));
  }
}
