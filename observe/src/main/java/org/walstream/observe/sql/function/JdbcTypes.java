package org.walstream.observe.sql.function;

import java.sql.Types;
import org.walstream.send.SqlType;

/// The JDBC types in which rows are handed to the engine; a cast then makes PostgreSQL's of them.
final class JdbcTypes {

  private JdbcTypes() {}

  static int of(SqlType type) {
    return switch (type) {
      case BOOL -> Types.BOOLEAN;
      case INT2 -> Types.SMALLINT;
      case INT4 -> Types.INTEGER;
      case INT8, OID, XID, XID8 -> Types.BIGINT;
      case FLOAT4 -> Types.REAL;
      case FLOAT8 -> Types.DOUBLE;
      case NUMERIC, PG_LSN -> Types.NUMERIC;
      case DATE -> Types.DATE;
      case TIMESTAMP -> Types.TIMESTAMP;
      case TIMESTAMPTZ -> Types.TIMESTAMP_WITH_TIMEZONE;
      default -> Types.VARCHAR; // intervals too, in words, and arrays, in braces
    };
  }
}
