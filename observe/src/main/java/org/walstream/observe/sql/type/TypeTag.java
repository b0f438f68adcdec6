package org.walstream.observe.sql.type;

import org.walstream.send.SqlType;

/// How the engine is made to carry PostgreSQL's types: each has a type of the engine's that nothing
/// else has, so that the type of any expression, through views, subqueries, `max` and `coalesce`,
/// can be read off the result.
///
/// ```
/// pg_lsn    DECFLOAT(20)          ordered and subtracted as the number it is
/// numeric   NUMERIC(100000, 50000): what a function has that returns a BigDecimal, and the only type
///           of the engine's whose values keep zeros at their end. A cast to it would write all
///           50000, so none is written: NumericFunctions make what there is
/// oid       NUMERIC(11)   xid  NUMERIC(12)   xid8  NUMERIC(21)
/// regclass  NUMERIC(13)   regtype, regnamespace, regrole  NUMERIC(14 to 16); printed as names
/// name, inet, "char" and other texts    VARCHAR(1000000 + the type's oid)
/// ```
public final class TypeTag {

  private static final int TEXT_BASE = 1_000_000;
  private static final int LSN_DIGITS = 20;
  private static final int OID_DIGITS = 11;
  private static final int XID_DIGITS = 12;
  private static final int REGCLASS_DIGITS = 13;
  private static final int REGTYPE_DIGITS = 14;
  private static final int REGNAMESPACE_DIGITS = 15;
  private static final int REGROLE_DIGITS = 16;
  private static final int XID8_DIGITS = 21;

  private TypeTag() {}

  /// The engine's type for one of PostgreSQL's, as in CAST.
  public static String of(SqlType type) {
    if (type.element().isPresent() && isArray(type)) {
      return of(type.element().get()) + " ARRAY";
    }
    return switch (type) {
      case BOOL -> "BOOLEAN";
      case INT2 -> "SMALLINT";
      case INT4 -> "INTEGER";
      case INT8 -> "BIGINT";
      case FLOAT4 -> "REAL";
      case FLOAT8 -> "DOUBLE PRECISION";
      case NUMERIC -> "NUMERIC(100000, 50000)";
      case PG_LSN -> "DECFLOAT(" + LSN_DIGITS + ")";
      case OID -> "NUMERIC(" + OID_DIGITS + ")";
      case XID -> "NUMERIC(" + XID_DIGITS + ")";
      case XID8 -> "NUMERIC(" + XID8_DIGITS + ")";
      case REGCLASS -> "NUMERIC(" + REGCLASS_DIGITS + ")";
      case REGTYPE -> "NUMERIC(" + REGTYPE_DIGITS + ")";
      case REGNAMESPACE -> "NUMERIC(" + REGNAMESPACE_DIGITS + ")";
      case REGROLE -> "NUMERIC(" + REGROLE_DIGITS + ")";
      case TEXT -> "VARCHAR";
      case TIME -> "TIME(6)";
      case DATE -> "DATE";
      case TIMESTAMP -> "TIMESTAMP(6)";
      case TIMESTAMPTZ -> "TIMESTAMP(6) WITH TIME ZONE";
      case INTERVAL -> "INTERVAL DAY(18) TO SECOND(6)";
      case BYTEA -> "VARBINARY";
      default -> ofText(type);
    };
  }

  /// A text that stands for a value of `type`.
  public static String ofText(SqlType type) {
    return "VARCHAR(" + (TEXT_BASE + type.oid()) + ")";
  }

  /// Vectors and the like travel as texts.
  private static boolean isArray(SqlType type) {
    return switch (type) {
      case INT2VECTOR, OIDVECTOR, REGTYPE_ARRAY, ACLITEM_ARRAY -> false;
      default -> true;
    };
  }

  /// PostgreSQL's type of a column of the engine's.
  ///
  /// @param name as in [java.sql.ResultSetMetaData#getColumnTypeName]
  public static SqlType of(String name, int precision) {
    if (name.endsWith(" ARRAY")) {
      String element = name.substring(0, name.length() - " ARRAY".length());
      return arrayOf(of(bare(element), precisionOf(element)));
    }
    return switch (bare(name)) {
      case "BOOLEAN" -> SqlType.BOOL;
      case "TINYINT", "SMALLINT" -> SqlType.INT2;
      case "INTEGER" -> SqlType.INT4;
      case "BIGINT" -> SqlType.INT8;
      case "REAL" -> SqlType.FLOAT4;
      case "DOUBLE PRECISION", "FLOAT" -> SqlType.FLOAT8;
      case "DECFLOAT" -> precision == LSN_DIGITS ? SqlType.PG_LSN : SqlType.NUMERIC;
      case "NUMERIC" ->
          switch (precision) {
            case OID_DIGITS -> SqlType.OID;
            case XID_DIGITS -> SqlType.XID;
            case REGCLASS_DIGITS -> SqlType.REGCLASS;
            case REGTYPE_DIGITS -> SqlType.REGTYPE;
            case REGNAMESPACE_DIGITS -> SqlType.REGNAMESPACE;
            case REGROLE_DIGITS -> SqlType.REGROLE;
            case XID8_DIGITS -> SqlType.XID8;
            default -> SqlType.NUMERIC;
          };
      case "CHARACTER VARYING", "CHARACTER" ->
          precision > TEXT_BASE
              ? SqlType.of(precision - TEXT_BASE).orElse(SqlType.TEXT)
              : SqlType.TEXT;
      case "DATE" -> SqlType.DATE;
      case "TIME" -> SqlType.TIME;
      case "TIMESTAMP" -> SqlType.TIMESTAMP;
      case "TIMESTAMP WITH TIME ZONE" -> SqlType.TIMESTAMPTZ;
      case "JSON" -> SqlType.JSON;
      case "BINARY VARYING", "BINARY" -> SqlType.BYTEA;
      default -> name.startsWith("INTERVAL") ? SqlType.INTERVAL : SqlType.TEXT;
    };
  }

  private static SqlType arrayOf(SqlType element) {
    return element.array().orElse(SqlType.TEXT_ARRAY);
  }

  /// `CHARACTER VARYING` of `CHARACTER VARYING(1000019)`.
  private static String bare(String name) {
    int open = name.indexOf('(');
    int close = name.indexOf(')');
    return open < 0 ? name : (name.substring(0, open) + name.substring(close + 1)).strip();
  }

  private static int precisionOf(String name) {
    int open = name.indexOf('(');
    if (open < 0) {
      return 0;
    }
    String digits = name.substring(open + 1).replaceFirst("[^0-9].*", "");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }
}
