package org.walstream.wire.replication;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// A piece of WAL on its way to a standby: message `w` inside CopyData.
///
/// ```
/// offset  bytes  field            (integers big-endian)
///      0      1  'w'
///      1      8  startLsn         where the first byte of data belongs
///      9      8  walEndLsn        how far the sender's WAL reaches: tells a receiver how far behind it is
///     17      8  sendTimeMicros   since 2000-01-01 00:00 UTC
///     25      …  data             WAL, never past the end of a segment
/// ```
///
/// The record is for tests and library users. The hot paths on both sides read and write the header
/// in place with the static methods, and leave the data where the kernel put it.
///
/// Source: PostgreSQL manual, "Streaming Replication Protocol"; written by XLogSendPhysical(),
/// walsender.c.
///
/// @param data the WAL, from position to limit; shared with the caller, not copied
public record XLogData(long startLsn, long walEndLsn, long sendTimeMicros, ByteBuffer data)
    implements SenderMessage {

  public static final byte TAG = 'w';

  /// Bytes before the data, tag included.
  public static final int HEADER_LENGTH = 25;

  private static final int START_LSN = 1;
  private static final int WAL_END_LSN = 9;
  private static final int SEND_TIME = 17;

  /// Reads one message; `body` stands just past the tag. The data is a slice of `body`, which is
  /// left at its limit.
  ///
  /// @throws ProtocolViolation if the header is not complete
  public static XLogData decode(ByteBuffer body) throws ProtocolViolation {
    requireHeader(body.remaining() + 1);
    long startLsn = body.getLong();
    long walEndLsn = body.getLong();
    long sendTimeMicros = body.getLong();
    ByteBuffer data = body.slice();
    body.position(body.limit());
    return new XLogData(startLsn, walEndLsn, sendTimeMicros, data);
  }

  /// @throws ProtocolViolation if a `w` message of `length` bytes, tag included, has no room for
  ///   its header
  public static void requireHeader(int length) throws ProtocolViolation {
    if (length < HEADER_LENGTH) {
      throw new ProtocolViolation("streaming header too small: %d".formatted(length));
    }
  }

  /// The start position in the header whose tag stands at index `at`.
  public static long startLsn(ByteBuffer buffer, int at) {
    return buffer.getLong(at + START_LSN);
  }

  /// The sender's end of WAL in the header whose tag stands at index `at`.
  public static long walEndLsn(ByteBuffer buffer, int at) {
    return buffer.getLong(at + WAL_END_LSN);
  }

  /// The sender's clock in the header whose tag stands at index `at`.
  public static long sendTimeMicros(ByteBuffer buffer, int at) {
    return buffer.getLong(at + SEND_TIME);
  }

  /// Appends tag and header, to be followed by the data.
  public static void encodeHeader(
      ByteBuffer out, long startLsn, long walEndLsn, long sendTimeMicros) {
    out.put(TAG).putLong(startLsn).putLong(walEndLsn).putLong(sendTimeMicros);
  }

  @Override
  public int length() {
    return HEADER_LENGTH + data.remaining();
  }

  @Override
  public void encode(ByteBuffer out) {
    encodeHeader(out, startLsn, walEndLsn, sendTimeMicros);
    out.put(data.duplicate());
  }
}
