package org.walstream.wal.rmgr;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;

/// Records of the resource manager `LogicalMessage`.
///
/// Counterpart of src/include/replication/message.h.
public sealed interface LogicalMessageRecord extends WalRecord {

  /// XLOG_LOGICAL_MESSAGE
  int MESSAGE = 0x00;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return (info & 0xF0) == MESSAGE ? "MESSAGE" : null;
  }

  static @Nullable LogicalMessageRecord of(DecodedXLogRecord record) {
    if (record.opcode() != MESSAGE) {
      return null;
    }
    return Message.isWhole(record.main()) ? new Message(record) : null;
  }

  /// What somebody wanted to tell the readers of logical decoding (pg_logical_emit_message).
  ///
  /// ```
  /// offset  bytes  field           (main data)
  ///      0      4  dbId
  ///      4      1  transactional   told only if the transaction commits
  ///      8      8  prefix_size     with the zero byte
  ///     16      8  message_size
  ///     24      n  prefix          C string
  ///      +      n  message
  /// ```
  ///
  /// Counterpart of xl_logical_message.
  record Message(DecodedXLogRecord record) implements LogicalMessageRecord {

    private static final int PREFIX_AT = 24;

    private static boolean isWhole(RecordBytes main) {
      if (!main.holds(0, 1, PREFIX_AT)) {
        return false;
      }
      int left = main.length() - PREFIX_AT;
      long prefixSize = main.i64(8);
      long messageSize = main.i64(16);
      return prefixSize >= 1
          && prefixSize <= left
          && messageSize >= 0
          && messageSize <= left - prefixSize
          && main.cStringLength(PREFIX_AT) < prefixSize;
    }

    public int dbId() {
      return record.main().i32(0);
    }

    public boolean transactional() {
      return record.main().u8(4) != 0;
    }

    /// With the zero byte.
    public int prefixSize() {
      return (int) record.main().i64(8);
    }

    /// Where in the main data the prefix stands.
    public int prefixAt() {
      return PREFIX_AT;
    }

    public String prefix() {
      return record.main().cString(PREFIX_AT);
    }

    /// The message, copied out of the record.
    public byte[] message() {
      byte[] message = new byte[messageSize()];
      record.main().copy(messageAt(), message, 0, message.length);
      return message;
    }

    /// Where in the main data the message stands.
    public int messageAt() {
      return PREFIX_AT + prefixSize();
    }

    public int messageSize() {
      return (int) record.main().i64(16);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("dbId", Integer.toUnsignedLong(dbId()));
      out.flag("transactional", transactional());
      out.text("prefix", prefix());
      out.number("message_size", messageSize());
      out.text("message", HexFormat.of().formatHex(message()));
    }
  }
}
