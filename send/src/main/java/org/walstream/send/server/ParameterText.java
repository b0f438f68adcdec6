package org.walstream.send.server;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.send.SqlType;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// The parameters of a statement, which clients send in text or in binary, as texts.
///
/// Source: the receive functions of PostgreSQL's types, src/backend/utils/adt/.
final class ParameterText {

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
    } catch (BufferUnderflowException tooShort) {
      // told below
    }
    throw ServerError.error(
        SqlState.INVALID_BINARY_REPRESENTATION,
        "incorrect binary data format in bind parameter " + number);
  }

  private static String text(Optional<SqlType> type, ByteBuffer in) throws ServerError {
    return switch (type.orElse(SqlType.TEXT)) {
      case BOOL -> in.get() == 0 ? "f" : "t";
      case INT2 -> Short.toString(in.getShort());
      case INT4 -> Integer.toString(in.getInt());
      case OID, XID -> Integer.toUnsignedString(in.getInt());
      case INT8 -> Long.toString(in.getLong());
      case FLOAT4 -> Float.toString(in.getFloat());
      case FLOAT8 -> Double.toString(in.getDouble());
      case PG_LSN -> Lsn.format(in.getLong());
      case TIMESTAMPTZ, TIMESTAMP -> PgTimestamp.instant(in.getLong()).toString();
      case DATE -> LocalDate.of(2000, 1, 1).plusDays(in.getInt()).toString();
      case TEXT, VARCHAR, BPCHAR, NAME, CHAR, JSON -> StandardCharsets.UTF_8.decode(in).toString();
      default ->
          throw ServerError.error(
              SqlState.FEATURE_NOT_SUPPORTED,
              "parameters of this type are taken in text format only");
    };
  }
}
