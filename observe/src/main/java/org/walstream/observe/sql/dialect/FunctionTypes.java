package org.walstream.observe.sql.dialect;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.walstream.observe.sql.function.Functions;
import org.walstream.observe.sql.function.SqlFunction;
import org.walstream.send.SqlType;

/// What type a function's result has, by the types of its arguments, as PostgreSQL's catalog says.
///
/// Source: pg_proc.dat of PostgreSQL 18.
final class FunctionTypes {

  /// Of their arguments' type.
  private static final Set<String> SAME =
      Set.of(
          "max",
          "min",
          "coalesce",
          "greatest",
          "least",
          "any_value",
          "first_value",
          "last_value",
          "nth_value",
          "lag",
          "lead",
          "abs",
          "mod",
          "mode",
          "bit_and",
          "bit_or");

  /// Of `numeric` if an argument is one, otherwise of `float8`.
  private static final Set<String> CONTINUOUS =
      Set.of(
          "ceil", "ceiling", "floor", "sign", "power", "pow", "sqrt", "exp", "ln", "log", "log10");

  private static final Set<String> FLOATS =
      Set.of(
          "random",
          "pi",
          "degrees",
          "radians",
          "acos",
          "asin",
          "atan",
          "atan2",
          "cos",
          "cot",
          "sin",
          "tan",
          "sinh",
          "cosh",
          "tanh",
          "percent_rank",
          "cume_dist",
          "percentile_cont",
          "date_part",
          "corr",
          "covar_pop",
          "covar_samp",
          "regr_slope",
          "regr_intercept",
          "regr_r2",
          "cbrt");

  private static final Set<String> LONGS =
      Set.of("count", "row_number", "rank", "dense_rank", "regr_count");

  private static final Set<String> INTEGERS =
      Set.of(
          "ntile",
          "length",
          "char_length",
          "character_length",
          "octet_length",
          "bit_length",
          "strpos",
          "position",
          "ascii",
          "cardinality",
          "grouping");

  private static final Set<String> TEXTS =
      Set.of(
          "lower",
          "upper",
          "trim",
          "btrim",
          "ltrim",
          "rtrim",
          "left",
          "right",
          "translate",
          "substring",
          "substr",
          "overlay",
          "concat",
          "concat_ws",
          "format",
          "initcap",
          "to_char",
          "string_agg",
          "text");

  private static final Set<String> BOOLEANS = Set.of("every", "bool_and", "bool_or");

  private FunctionTypes() {}

  static Optional<SqlType> of(String name, List<Optional<SqlType>> arguments) {
    Optional<SqlType> first = arguments.isEmpty() ? Optional.empty() : arguments.getFirst();
    Optional<SqlFunction> ours = Functions.find(name);
    if (SAME.contains(name)) {
      return NumberTypes.union(arguments);
    } else if (name.equals("nullif") || name.equals("unnest") || name.equals("array_append")) {
      return name.equals("unnest") ? first.flatMap(SqlType::element) : first;
    } else if (name.equals("date_trunc") && arguments.size() > 1) {
      return arguments
          .get(1)
          .map(type -> type == SqlType.DATE || type == SqlType.TEXT ? SqlType.TIMESTAMPTZ : type);
    } else if (name.equals("age")) {
      return Optional.of(
          first.filter(type -> type == SqlType.XID).isPresent() ? SqlType.INT4 : SqlType.INTERVAL);
    } else if (isJson(name)) {
      return Optional.of(name.contains("jsonb") ? SqlType.JSONB : SqlType.JSON);
    } else if (name.equals("pg_lsn")) {
      return Optional.of(SqlType.PG_LSN);
    } else if (name.equals("pg_typeof")) {
      return Optional.of(SqlType.REGTYPE);
    } else if (name.equals("make_interval")) {
      return Optional.of(SqlType.INTERVAL);
    } else if (ours.isPresent()) {
      return ours.map(SqlFunction::returns);
    } else if (name.equals("extract") || name.equals("div")) {
      return Optional.of(SqlType.NUMERIC);
    }
    return aggregate(name, first).or(() -> continuous(name, arguments)).or(() -> plain(name));
  }

  private static boolean isJson(String name) {
    return Set.of("to_json", "to_jsonb", "row_to_json", "array_to_json").contains(name)
        || name.matches("jsonb?_(build_object|build_array|agg|object_agg)");
  }

  private static Optional<SqlType> continuous(String name, List<Optional<SqlType>> arguments) {
    boolean rounds = name.equals("round") || name.equals("trunc");
    if (!rounds && !CONTINUOUS.contains(name)) {
      return Optional.empty();
    }
    if (arguments.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    if (rounds && arguments.size() == 2) {
      return Optional.of(SqlType.NUMERIC);
    }
    return NumberTypes.union(arguments)
        .map(type -> type == SqlType.NUMERIC ? SqlType.NUMERIC : SqlType.FLOAT8);
  }

  private static Optional<SqlType> aggregate(String name, Optional<SqlType> argument) {
    return switch (name) {
      case "sum" ->
          argument.map(type ->
              switch (type) {
                case INT2, INT4 -> SqlType.INT8;
                case INT8 -> SqlType.NUMERIC;
                default -> type;
              });
      case "avg" ->
          argument.map(type ->
              switch (type) {
                case INT2, INT4, INT8 -> SqlType.NUMERIC;
                case FLOAT4 -> SqlType.FLOAT8;
                default -> type;
              });
      case "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp" ->
          argument.map(type -> NumberTypes.isFloat(type) ? SqlType.FLOAT8 : SqlType.NUMERIC);
      default -> Optional.empty();
    };
  }

  private static Optional<SqlType> plain(String name) {
    if (FLOATS.contains(name)) {
      return Optional.of(SqlType.FLOAT8);
    } else if (LONGS.contains(name)) {
      return Optional.of(SqlType.INT8);
    } else if (INTEGERS.contains(name)) {
      return Optional.of(SqlType.INT4);
    } else if (TEXTS.contains(name)) {
      return Optional.of(SqlType.TEXT);
    }
    return BOOLEANS.contains(name) ? Optional.of(SqlType.BOOL) : Optional.empty();
  }
}
