package org.walstream.wire.replication;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// What a standby asks its primary not to remove: message `h` inside CopyData.
///
/// ```
/// offset  bytes  field              (integers big-endian)
///      0      1  'h'
///      1      8  clientTimeMicros   since 2000-01-01 00:00 UTC
///      9      4  xmin               oldest transaction that the standby's queries still see; 0: none
///     13      4  xminEpoch          how often xmin's 32 bits had wrapped around
///     17      4  catalogXmin        the same for catalog rows, held by the standby's logical slots
///     21      4  catalogXminEpoch
/// ```
///
/// Both xids 0 means that feedback is off from now on. The fields are unsigned 32 bits.
///
/// Source: PostgreSQL manual, "Streaming Replication Protocol"; read by
/// ProcessStandbyHSFeedbackMessage(), walsender.c.
public record HotStandbyFeedback(
    long clientTimeMicros, int xmin, int xminEpoch, int catalogXmin, int catalogXminEpoch)
    implements StandbyMessage {

  public static final byte TAG = 'h';

  /// Bytes of the message, tag included.
  public static final int LENGTH = 25;

  /// Feedback that holds nothing back.
  public static HotStandbyFeedback none(long clientTimeMicros) {
    return new HotStandbyFeedback(clientTimeMicros, 0, 0, 0, 0);
  }

  /// Reads one message; `body` stands just past the tag and is left at the message's end.
  ///
  /// @throws ProtocolViolation if the length is not exactly [#LENGTH]
  public static HotStandbyFeedback decode(ByteBuffer body) throws ProtocolViolation {
    StandbyMessage.requireLength(TAG, LENGTH - 1, body.remaining());
    return new HotStandbyFeedback(
        body.getLong(), body.getInt(), body.getInt(), body.getInt(), body.getInt());
  }

  /// `xmin` with its epoch as one number that never wraps (FullTransactionId); 0 is none.
  public long fullXmin() {
    return full(xmin, xminEpoch);
  }

  /// `catalogXmin` with its epoch; 0 is none.
  public long fullCatalogXmin() {
    return full(catalogXmin, catalogXminEpoch);
  }

  private static long full(int xid, int epoch) {
    return xid == 0 ? 0 : Integer.toUnsignedLong(epoch) << 32 | Integer.toUnsignedLong(xid);
  }

  /// True when this feedback holds nothing back.
  public boolean isNone() {
    return xmin == 0 && catalogXmin == 0;
  }

  @Override
  public int length() {
    return LENGTH;
  }

  @Override
  public void encode(ByteBuffer out) {
    out.put(TAG)
        .putLong(clientTimeMicros)
        .putInt(xmin)
        .putInt(xminEpoch)
        .putInt(catalogXmin)
        .putInt(catalogXminEpoch);
  }
}
