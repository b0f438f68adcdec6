package org.walstream.send;

import java.util.Arrays;
import java.util.Optional;

/// The types we answer with: OID and length as in pg_type, and an array's element.
public enum SqlType {
  BOOL(16, 1),
  BYTEA(17, -1),
  CHAR(18, 1),
  NAME(19, 64),
  INT8(20, 8),
  INT2(21, 2),
  INT2VECTOR(22, -1, INT2),
  INT4(23, 4),
  REGPROC(24, 4),
  TEXT(25, -1),
  OID(26, 4),
  XID(28, 4),
  OIDVECTOR(30, -1, OID),
  JSON(114, -1),
  JSON_ARRAY(199, -1, JSON),
  PG_NODE_TREE(194, -1),
  FLOAT4(700, 4),
  FLOAT8(701, 8),
  CIDR(650, -1),
  MACADDR(829, 6),
  INET(869, -1),
  ACLITEM(1033, 16),
  BOOL_ARRAY(1000, -1, BOOL),
  BYTEA_ARRAY(1001, -1, BYTEA),
  CHAR_ARRAY(1002, -1, CHAR),
  NAME_ARRAY(1003, -1, NAME),
  INT2_ARRAY(1005, -1, INT2),
  INT4_ARRAY(1007, -1, INT4),
  TEXT_ARRAY(1009, -1, TEXT),
  XID_ARRAY(1011, -1, XID),
  INT8_ARRAY(1016, -1, INT8),
  FLOAT4_ARRAY(1021, -1, FLOAT4),
  FLOAT8_ARRAY(1022, -1, FLOAT8),
  OID_ARRAY(1028, -1, OID),
  ACLITEM_ARRAY(1034, -1, ACLITEM),
  INET_ARRAY(1041, -1, INET),
  BPCHAR(1042, -1),
  VARCHAR(1043, -1),
  BPCHAR_ARRAY(1014, -1, BPCHAR),
  VARCHAR_ARRAY(1015, -1, VARCHAR),
  DATE(1082, 4),
  TIME(1083, 8),
  TIMESTAMP(1114, 8),
  TIMESTAMP_ARRAY(1115, -1, TIMESTAMP),
  DATE_ARRAY(1182, -1, DATE),
  TIMESTAMPTZ(1184, 8),
  TIMESTAMPTZ_ARRAY(1185, -1, TIMESTAMPTZ),
  INTERVAL(1186, 16),
  INTERVAL_ARRAY(1187, -1, INTERVAL),
  NUMERIC(1700, -1),
  NUMERIC_ARRAY(1231, -1, NUMERIC),
  REGCLASS(2205, 4),
  REGTYPE(2206, 4),
  REGTYPE_ARRAY(2211, -1, REGTYPE),
  ANYARRAY(2277, -1),
  RECORD(2249, -1),
  VOID(2278, 4),
  UUID(2950, 16),
  UUID_ARRAY(2951, -1, UUID),
  PG_LSN(3220, 8),
  PG_LSN_ARRAY(3221, -1, PG_LSN),
  PG_NDISTINCT(3361, -1),
  PG_DEPENDENCIES(3402, -1),
  JSONB(3802, -1),
  JSONB_ARRAY(3807, -1, JSONB),
  REGNAMESPACE(4089, 4),
  REGROLE(4096, 4),
  PG_MCV_LIST(5017, -1),
  XID8(5069, 8);

  private final int oid;
  private final int length;
  private final Optional<SqlType> element;

  SqlType(int oid, int length) {
    this.oid = oid;
    this.length = length;
    this.element = Optional.empty();
  }

  SqlType(int oid, int length, SqlType element) {
    this.oid = oid;
    this.length = length;
    this.element = Optional.of(element);
  }

  public int oid() {
    return oid;
  }

  /// Bytes of a value, as pg_type says; -1 when they vary.
  public int length() {
    return length;
  }

  /// What an array holds; empty for other types.
  public Optional<SqlType> element() {
    return element;
  }

  /// Whether values are written in braces: vectors hold others too, and are none.
  public boolean isArray() {
    return name().endsWith("_ARRAY");
  }

  /// The type of arrays of this one; empty where none is answered with.
  public Optional<SqlType> array() {
    return Arrays.stream(values())
        .filter(type -> type.isArray() && type.element.filter(this::equals).isPresent())
        .findFirst();
  }

  /// The type with this number.
  public static Optional<SqlType> of(int oid) {
    return Arrays.stream(values()).filter(type -> type.oid == oid).findFirst();
  }
}
