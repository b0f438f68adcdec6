package org.walstream.send.server;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.walstream.send.RowSet;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;

/// Values in PostgreSQL's binary format, which drivers ask for once they know a statement:
/// big-endian numbers; made of the texts that a [RowSet] holds.
///
/// ```
/// bool 1  int4, oid, xid 4  int8, pg_lsn 8  timestamptz 8 (µs since 2000)
/// interval 16 (µs, days, months)  inet 4 + 4 or 16 (family, bits, is_cidr, length, address)
/// text, name, bytea: as they are
/// ```
///
/// Source: the send functions of PostgreSQL's types, src/backend/utils/adt/.
final class BinaryFormat {

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 3; // PGSQL_AF_INET6

  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .appendOffset("+HH:mm:ss", "+00")
          .toFormatter(Locale.ROOT);

  private BinaryFormat() {}

  static byte[] of(RowSet.Type type, String text) {
    return switch (type) {
      case BOOL -> new byte[] {(byte) (text.equals("t") ? 1 : 0)};
      case INT4, OID, XID -> ofInt((int) Long.parseLong(text));
      case INT8 -> ofLong(Long.parseLong(text));
      case PG_LSN -> ofLong(Lsn.parse(text).value());
      case TIMESTAMPTZ ->
          ofLong(PgTimestamp.micros(OffsetDateTime.parse(text, TIMESTAMP).toInstant()));
      case INTERVAL -> ByteBuffer.allocate(16).putLong(micros(text)).array();
      case INET -> inet(InetAddress.ofLiteral(text).getAddress());
      case TEXT, NAME, BYTEA -> text.getBytes(StandardCharsets.UTF_8);
    };
  }

  private static byte[] ofInt(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  private static byte[] ofLong(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  /// `01:02:03.5`: lags are never negative and never have days.
  private static long micros(String text) {
    String[] parts = text.split("[:.]", -1);
    long seconds =
        Long.parseLong(parts[0]) * 3600 + Long.parseLong(parts[1]) * 60 + Long.parseLong(parts[2]);
    String fraction = parts.length > 3 ? (parts[3] + "000000").substring(0, 6) : "0";
    return seconds * 1_000_000 + Long.parseLong(fraction);
  }

  private static byte[] inet(byte[] address) {
    boolean v4 = address.length == 4;
    return ByteBuffer.allocate(4 + address.length)
        .put((byte) (v4 ? AF_INET : AF_INET6))
        .put((byte) (address.length * 8))
        .put((byte) 0)
        .put((byte) address.length)
        .put(address)
        .array();
  }
}
