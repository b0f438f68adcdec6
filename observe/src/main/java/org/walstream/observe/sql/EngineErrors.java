package org.walstream.observe.sql;

import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.walstream.observe.sql.dialect.NamePosition;
import org.walstream.observe.sql.function.Heap;
import org.walstream.observe.sql.function.RefusedException;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// The engine's errors in PostgreSQL's words, with its SQLSTATE, and the position where the name
/// that is wrong stands in the query.
final class EngineErrors {

  /// `Column "x" not found`
  private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")*)\"");

  private EngineErrors() {}

  static ServerError of(SQLException error, String sql) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof RefusedException refused) {
        return refused.error();
      } else if (cause instanceof OutOfMemoryError) { // in a function of ours, too
        return Heap.outOfMemory();
      } else if (cause instanceof StackOverflowError) {
        return tooDeep();
      }
    }
    String name = name(String.valueOf(error.getMessage()));
    return switch (error.getErrorCode()) {
      case ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1,
          ErrorCode.TABLE_OR_VIEW_NOT_FOUND_WITH_CANDIDATES_2,
          ErrorCode.TABLE_OR_VIEW_NOT_FOUND_DATABASE_EMPTY_1 ->
          at(sql, name, SqlState.UNDEFINED_TABLE, "relation \"%s\" does not exist");
      case ErrorCode.SCHEMA_NOT_FOUND_1 ->
          at(sql, name, SqlState.UNDEFINED_TABLE, "schema \"%s\" does not exist");
      case ErrorCode.COLUMN_NOT_FOUND_1 ->
          at(
              sql,
              name,
              SqlState.UNDEFINED_COLUMN,
              name.contains(".") ? "column %s does not exist" : "column \"%s\" does not exist");
      case ErrorCode.AMBIGUOUS_COLUMN_NAME_1 ->
          at(sql, name, SqlState.AMBIGUOUS_COLUMN, "column reference \"%s\" is ambiguous");
      case ErrorCode.FUNCTION_NOT_FOUND_1, ErrorCode.METHOD_NOT_FOUND_1 ->
          at(
              sql,
              name.toLowerCase(Locale.ROOT),
              SqlState.UNDEFINED_FUNCTION,
              "function %s does not exist");
      case ErrorCode.MUST_GROUP_BY_COLUMN_1 ->
          at(
              sql,
              name,
              SqlState.GROUPING_ERROR,
              "column \"%s\" must appear in the GROUP BY clause or be used in an aggregate"
                  + " function");
      case ErrorCode.DIVISION_BY_ZERO_1 ->
          ServerError.error(SqlState.DIVISION_BY_ZERO, "division by zero");
      case ErrorCode.SCALAR_SUBQUERY_CONTAINS_MORE_THAN_ONE_ROW ->
          ServerError.error(
              SqlState.CARDINALITY_VIOLATION,
              "more than one row returned by a subquery used as an expression");
      case ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE_1, ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE_2 ->
          ServerError.error(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range");
      case ErrorCode.DATA_CONVERSION_ERROR_1 ->
          ServerError.error(
              SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax: \"%s\"".formatted(name));
      case ErrorCode.INVALID_DATETIME_CONSTANT_2 ->
          ServerError.error(
              SqlState.INVALID_DATETIME_FORMAT,
              "invalid input syntax for a time: \"%s\"".formatted(name));
      case ErrorCode.STATEMENT_WAS_CANCELED ->
          ServerError.error(
              SqlState.QUERY_CANCELED, "canceling statement due to statement timeout");
      case ErrorCode.TYPES_ARE_NOT_COMPARABLE_2, ErrorCode.UNKNOWN_DATA_TYPE_1 ->
          ServerError.error(SqlState.DATATYPE_MISMATCH, firstLine(error));
      case ErrorCode.SYNTAX_ERROR_1, ErrorCode.SYNTAX_ERROR_2, ErrorCode.FEATURE_NOT_SUPPORTED_1 ->
          ServerError.error(
                  SqlState.FEATURE_NOT_SUPPORTED, "this node cannot answer a query of this kind")
              .withDetail(firstLine(error));
      // The others are what another query finds then.
      case ErrorCode.OUT_OF_MEMORY,
          ErrorCode.DATABASE_IS_CLOSED,
          ErrorCode.DATABASE_CALLED_AT_SHUTDOWN,
          ErrorCode.DATABASE_NOT_FOUND_WITH_IF_EXISTS_1 ->
          Heap.outOfMemory();
      case ErrorCode.VALUE_TOO_LONG_2 ->
          ServerError.error(SqlState.PROGRAM_LIMIT_EXCEEDED, "a value is too long for this node");
      default -> ServerError.error(SqlState.INTERNAL_ERROR, firstLine(error));
    };
  }

  static ServerError tooDeep() {
    return ServerError.error(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
  }

  private static ServerError at(String sql, String name, String sqlState, String message) {
    String shown = message.startsWith("function") ? name + "()" : name;
    var error = ServerError.error(sqlState, message.formatted(shown));
    int position = NamePosition.in(sql, name);
    return position == 0 ? error : error.at(position);
  }

  private static String name(String message) {
    Matcher matcher = NAME.matcher(message);
    return matcher.find() ? matcher.group(1).replace("\"\"", "\"") : "";
  }

  private static String firstLine(SQLException error) {
    String message = String.valueOf(error.getMessage());
    int end = message.indexOf("; SQL statement:");
    return (end < 0 ? message : message.substring(0, end)).lines().findFirst().orElse("");
  }
}
