package org.walstream.send.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.walstream.send.ArrayText;
import org.walstream.send.SqlType;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// The parameters of a statement, which clients send in text or in binary, as texts. The binary
/// formats are those of [BinaryFormat].
///
/// Source: the receive functions of PostgreSQL's types, src/backend/utils/adt/.
final class ParameterText {

  private static final int JSONB_VERSION = 1;

  /// The zeros that `::` stands for.
  private static final Pattern HOST_ZEROS =
      Pattern.compile("(?:^|(?<=[0-9a-f]):)0(?::0)+(?::(?=[0-9a-f])|$)");

  private ParameterText() {}

  /// @param format 0 for text, 1 for binary
  /// @param number of the parameter, from 1 on, for messages
  /// @throws ServerError if the bytes are no value of the type, or the type has no binary format
  ///   here
  static @Nullable String of(byte @Nullable [] value, int format, int typeOid, int number)
      throws ServerError {
    if (value == null) {
      return null;
    } else if (format == 0) {
      return new String(value, StandardCharsets.UTF_8);
    }
    try {
      var in = ByteBuffer.wrap(value);
      String text = text(SqlType.of(typeOid), in);
      if (!in.hasRemaining()) {
        return text;
      }
    } catch (BufferUnderflowException | DateTimeException | IllegalArgumentException broken) {
      // told below
    }
    throw ServerError.error(
        SqlState.INVALID_BINARY_REPRESENTATION,
        "incorrect binary data format in bind parameter " + number);
  }

  private static String text(Optional<SqlType> type, ByteBuffer in) throws ServerError {
    SqlType known = type.orElse(SqlType.TEXT);
    if (known.element().isPresent()) {
      return array(known.element().get(), in);
    }
    return switch (known) {
      case BOOL -> in.get() == 0 ? "f" : "t";
      case INT2 -> Short.toString(in.getShort());
      case INT4 -> Integer.toString(in.getInt());
      case OID, XID, REGCLASS, REGTYPE, REGNAMESPACE, REGROLE ->
          Integer.toUnsignedString(in.getInt());
      case INT8 -> Long.toString(in.getLong());
      case XID8 -> Long.toUnsignedString(in.getLong());
      case FLOAT4 -> Float.toString(in.getFloat());
      case FLOAT8 -> Double.toString(in.getDouble());
      case NUMERIC -> BinaryNumeric.text(in);
      case PG_LSN -> Lsn.format(in.getLong());
      case TIMESTAMPTZ -> PgTimestamp.instant(in.getLong()).toString();
      case TIMESTAMP ->
          PgTimestamp.instant(in.getLong()).atOffset(ZoneOffset.UTC).toLocalDateTime().toString();
      case DATE -> LocalDate.of(2000, 1, 1).plusDays(in.getInt()).toString();
      case TIME -> LocalTime.ofNanoOfDay(Math.multiplyExact(in.getLong(), 1000L)).toString();
      case INTERVAL -> interval(in);
      case INET, CIDR -> network(in);
      case MACADDR -> HexFormat.ofDelimiter(":").formatHex(bytes(in, 6));
      case UUID -> new UUID(in.getLong(), in.getLong()).toString();
      case BYTEA -> "\\x" + HexFormat.of().formatHex(bytes(in, in.remaining()));
      case JSONB -> {
        if (in.get() != JSONB_VERSION) {
          throw new IllegalArgumentException("not the version of jsonb that is known");
        }
        yield StandardCharsets.UTF_8.decode(in).toString();
      }
      case TEXT, VARCHAR, BPCHAR, NAME, CHAR, JSON -> StandardCharsets.UTF_8.decode(in).toString();
      default ->
          throw ServerError.error(
              SqlState.FEATURE_NOT_SUPPORTED,
              "parameters of this type are taken in text format only");
    };
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static String interval(ByteBuffer in) {
    long micros = in.getLong();
    int days = in.getInt();
    int months = in.getInt();
    String time =
        "%s00:00:%d.%06d"
            .formatted(
                micros < 0 ? "-" : "", Math.abs(micros / 1_000_000), Math.abs(micros % 1_000_000));
    return (months == 0 ? "" : months + " mons ") + (days == 0 ? "" : days + " days ") + time;
  }

  private static String network(ByteBuffer in) {
    in.get(); // the family, which the length tells too
    int bits = Byte.toUnsignedInt(in.get());
    boolean network = in.get() != 0;
    byte[] address = bytes(in, Byte.toUnsignedInt(in.get()));
    String text = HOST_ZEROS.matcher(host(address)).replaceFirst("::");
    return network || bits != address.length * Byte.SIZE ? text + "/" + bits : text;
  }

  private static String host(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not the length of an address", e);
    }
  }

  /// Arrays of one dimension.
  private static String array(SqlType element, ByteBuffer in) throws ServerError {
    int dimensions = in.getInt();
    in.getInt(); // whether there are nulls
    int type = in.getInt();
    if (dimensions > 1) {
      throw ServerError.error(
          SqlState.FEATURE_NOT_SUPPORTED, "arrays of several dimensions are not supported");
    }
    List<@Nullable String> elements = new ArrayList<>();
    if (dimensions == 1) {
      int length = in.getInt();
      in.getInt(); // the lower bound
      for (int i = 0; i < length; i++) {
        int size = in.getInt();
        if (size < 0) {
          elements.add(null);
        } else {
          elements.add(
              text(
                  SqlType.of(type).or(() -> Optional.of(element)),
                  ByteBuffer.wrap(bytes(in, size))));
        }
      }
    }
    return ArrayText.of(elements);
  }
}
