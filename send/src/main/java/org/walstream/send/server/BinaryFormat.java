package org.walstream.send.server;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.walstream.send.ArrayText;
import org.walstream.send.SqlType;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Values in PostgreSQL's binary format, which drivers ask for once they know a statement:
/// big-endian numbers; made of the texts that a [RowSet] holds.
///
/// ```
/// bool, "char" 1  int2 2  int4, oid, xid, float4 4  int8, pg_lsn, xid8, float8 8
/// timestamp, timestamptz, time 8 (µs since 2000, or midnight)  date 4 (days since 2000)  uuid 16  macaddr 6
/// interval 16 (µs, days, months)  inet 4 + 4 or 16 (family, bits, is_cidr, length, address)
/// numeric: see BinaryNumeric
/// array: dimensions (4), nulls (4), element type (4), length (4), lower bound (4), elements
/// text, name, json: as they are
/// ```
///
/// Source: the send functions of PostgreSQL's types, src/backend/utils/adt/.
public final class BinaryFormat {

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 3; // PGSQL_AF_INET6
  private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);

  /// `1 day -01:02:03.5`
  private static final Pattern INTERVAL =
      Pattern.compile(
          "(?:(-?\\d+) years? ?)?(?:(-?\\d+) mons? ?)?(?:(-?\\d+) days? ?)?"
              + "(?:(-?)(\\d+):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?)?");

  private static final DateTimeFormatter LOCAL =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT);
  private static final DateTimeFormatter ZONED =
      new DateTimeFormatterBuilder()
          .append(LOCAL)
          .appendOffset("+HH:mm:ss", "+00")
          .toFormatter(Locale.ROOT);

  private BinaryFormat() {}

  /// @throws ServerError for types that have no binary format here
  public static byte[] of(SqlType type, String text) throws ServerError {
    return switch (type) {
      case BOOL -> new byte[] {(byte) (text.equals("t") ? 1 : 0)};
      case INT2 -> ByteBuffer.allocate(Short.BYTES).putShort(Short.parseShort(text)).array();
      case INT4, OID, XID -> ofInt((int) Long.parseLong(text));
      case INT8 -> ofLong(Long.parseLong(text));
      case XID8 -> ofLong(Long.parseUnsignedLong(text));
      case FLOAT4 -> ofInt(Float.floatToIntBits(Float.parseFloat(text)));
      case FLOAT8 -> ofLong(Double.doubleToLongBits(Double.parseDouble(text)));
      case NUMERIC -> BinaryNumeric.of(text);
      case PG_LSN -> ofLong(Lsn.parse(text).value());
      case DATE -> ofInt((int) ChronoUnit.DAYS.between(EPOCH, LocalDate.parse(text)));
      case TIMESTAMP ->
          ofLong(PgTimestamp.micros(LocalDateTime.parse(text, LOCAL).toInstant(ZoneOffset.UTC)));
      case TIMESTAMPTZ -> ofLong(PgTimestamp.micros(OffsetDateTime.parse(text, ZONED).toInstant()));
      case INTERVAL -> interval(text);
      case INET -> inet(text, 0);
      case CIDR -> inet(text, 1);
      case MACADDR -> HexFormat.ofDelimiter(":").parseHex(text);
      case UUID -> HexFormat.of().parseHex(text.replace("-", ""));
      case TIME -> ofLong(LocalTime.parse(text).toNanoOfDay() / 1000);
      case BYTEA -> HexFormat.of().parseHex(text.substring("\\x".length()));
      case CHAR, TEXT, VARCHAR, BPCHAR, NAME, JSON -> text.getBytes(StandardCharsets.UTF_8);
      case JSONB -> jsonb(text);
      case RECORD -> BinaryRecord.of(text);
      case VOID -> new byte[0];
      case INT2VECTOR,
          OIDVECTOR,
          BOOL_ARRAY,
          BYTEA_ARRAY,
          CHAR_ARRAY,
          NAME_ARRAY,
          INT2_ARRAY,
          INT4_ARRAY,
          TEXT_ARRAY,
          VARCHAR_ARRAY,
          BPCHAR_ARRAY,
          XID_ARRAY,
          INT8_ARRAY,
          FLOAT4_ARRAY,
          FLOAT8_ARRAY,
          NUMERIC_ARRAY,
          OID_ARRAY,
          INET_ARRAY,
          DATE_ARRAY,
          TIMESTAMP_ARRAY,
          TIMESTAMPTZ_ARRAY,
          INTERVAL_ARRAY,
          UUID_ARRAY,
          PG_LSN_ARRAY,
          JSON_ARRAY,
          JSONB_ARRAY ->
          array(type.element().orElseThrow(), text, type == SqlType.INT2VECTOR ? 0 : 1);
      case REGPROC,
          REGCLASS,
          REGNAMESPACE,
          REGROLE,
          REGTYPE,
          REGTYPE_ARRAY,
          ACLITEM,
          ACLITEM_ARRAY,
          PG_NODE_TREE,
          ANYARRAY,
          PG_NDISTINCT,
          PG_DEPENDENCIES,
          PG_MCV_LIST ->
          throw ServerError.error(
              SqlState.FEATURE_NOT_SUPPORTED,
              "no binary output function available for type %s"
                  .formatted(type.name().toLowerCase(Locale.ROOT)));
    };
  }

  /// The version of the format, and the text.
  private static byte[] jsonb(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + utf8.length).put((byte) 1).put(utf8).array();
  }

  private static byte[] ofInt(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  private static byte[] ofLong(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static byte[] interval(String text) {
    Matcher parts = INTERVAL.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not an interval: " + text);
    }
    long seconds = number(parts, 5) * 3600 + number(parts, 6) * 60 + number(parts, 7);
    String fraction = parts.group(8) == null ? "0" : (parts.group(8) + "000000").substring(0, 6);
    long micros = seconds * 1_000_000 + Long.parseLong(fraction);
    return ByteBuffer.allocate(16)
        .putLong("-".equals(parts.group(4)) ? -micros : micros)
        .putInt((int) number(parts, 3))
        .putInt((int) (number(parts, 1) * 12 + number(parts, 2)))
        .array();
  }

  private static long number(Matcher matcher, int group) {
    return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
  }

  private static byte[] inet(String text, int isNetwork) {
    int slash = text.indexOf('/');
    byte[] address =
        InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)).getAddress();
    boolean v4 = address.length == 4;
    int bits = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
    return ByteBuffer.allocate(4 + address.length)
        .put((byte) (v4 ? AF_INET : AF_INET6))
        .put((byte) bits)
        .put((byte) isNetwork)
        .put((byte) address.length)
        .put(address)
        .array();
  }

  private static byte[] array(SqlType element, String text, int lowerBound) throws ServerError {
    List<@Nullable String> texts = ArrayText.elements(text);
    var values = new ArrayList<byte @Nullable []>();
    int length = 0;
    for (String one : texts) {
      byte[] value = one == null ? null : of(element, one);
      values.add(value);
      length += Integer.BYTES + (value == null ? 0 : value.length);
    }
    boolean empty = values.isEmpty();
    var out = ByteBuffer.allocate((empty ? 3 : 5) * Integer.BYTES + length);
    out.putInt(empty ? 0 : 1).putInt(texts.contains(null) ? 1 : 0).putInt(element.oid());
    if (!empty) {
      out.putInt(values.size()).putInt(lowerBound);
    }
    for (byte @Nullable [] value : values) {
      if (value == null) {
        out.putInt(-1);
      } else {
        out.putInt(value.length).put(value);
      }
    }
    return out.array();
  }
}
