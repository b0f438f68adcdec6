package org.walstream.observe.sql.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.JsonExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.JsonOperator;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import org.walstream.observe.sql.dialect.Scope.Typed;
import org.walstream.observe.sql.function.Functions.Internal;
import org.walstream.observe.sql.type.TypeTag;
import org.walstream.send.SqlType;

/// Functions and operators of `json` and `jsonb`. To the engine they are texts; the aggregates are
/// its own of texts:
///
/// ```
/// json_agg(x ORDER BY y)    '[' || STRING_AGG($json_element(x), ', ' ORDER BY y) || ']'
/// row_to_json(r)            $json_row('…', 'a', r.a, 'b', r.b)
/// ```
final class Json {

  private Json() {}

  private static String typeOf(boolean binary) {
    return TypeTag.of(binary ? SqlType.JSONB : SqlType.JSON);
  }

  // Operators

  static boolean isText(JsonExpression json) {
    return steps(json).getLast().getValue().endsWith(">>");
  }

  /// `json -> 'a' ->> 'b'`
  static void write(JsonExpression json, StaticTypes types, ExpressionWriter to) {
    boolean binary = types.is(json.getExpression(), SqlType.JSONB);
    write(json.getExpression(), steps(json), binary, to);
  }

  /// Of `j -> 'a' ->> 'b'` the parser makes `j -> ('a' ->> 'b')`.
  private static List<Map.Entry<Expression, String>> steps(JsonExpression json) {
    var steps = new ArrayList<Map.Entry<Expression, String>>();
    for (Map.Entry<Expression, String> step : json.getIdentList()) {
      if (step.getKey() instanceof JsonExpression next) {
        steps.add(Map.entry(next.getExpression(), step.getValue()));
        steps.addAll(steps(next));
      } else {
        steps.add(step);
      }
    }
    return steps;
  }

  private static void write(
      Expression of,
      List<Map.Entry<Expression, String>> steps,
      boolean binary,
      ExpressionWriter to) {
    if (steps.isEmpty()) {
      to.write(of);
      return;
    }
    Map.Entry<Expression, String> last = steps.getLast();
    String function =
        switch (last.getValue()) {
          case "->" -> Internal.JSON_GET;
          case "->>" -> Internal.JSON_GET_TEXT;
          case "#>" -> Internal.JSON_PATH;
          case "#>>" -> Internal.JSON_PATH_TEXT;
          default -> throw new UnsupportedOperationException("operator " + last.getValue());
        };
    Runnable call =
        () -> {
          to.open(function);
          write(of, steps.subList(0, steps.size() - 1), binary, to);
          to.write(", ");
          to.write(last.getKey());
          to.write(")");
        };
    if (last.getValue().endsWith(">>")) {
      call.run();
    } else {
      to.cast(call, typeOf(binary));
    }
  }

  /// `@>`, `<@` and `?`, of `jsonb` and of arrays.
  static void write(JsonOperator operator, StaticTypes types, ExpressionWriter to) {
    Expression left = operator.getLeftExpression();
    Expression right = operator.getRightExpression();
    boolean arrays = types.of(left).flatMap(SqlType::element).isPresent();
    String contains = arrays ? Internal.ARRAY_CONTAINS : Internal.JSON_CONTAINS;
    switch (operator.getStringExpression()) {
      case "@>" -> to.call(contains, left, right);
      case "<@" -> to.call(contains, right, left);
      case "?" -> to.call(Internal.JSON_HAS, left, right);
      default ->
          throw new UnsupportedOperationException("operator " + operator.getStringExpression());
    }
  }

  // Functions

  /// @return false if it is none of those
  static boolean write(Function function, StaticTypes types, ExpressionWriter to) {
    String written = StaticTypes.last(function.getName());
    boolean binary = written.startsWith("jsonb_") || written.equals("to_jsonb");
    String name = written.replaceFirst("^jsonb_", "json_").replaceFirst("^to_jsonb$", "to_json");
    Arguments arguments = Arguments.of(function);
    Optional<Runnable> made =
        switch (name) {
          case "json_build_object" ->
              Optional.of(() -> list(Internal.JSON_OBJECT, arguments, types, to));
          case "json_build_array" ->
              Optional.of(() -> list(Internal.JSON_ARRAY, arguments, types, to));
          case "to_json", "row_to_json", "array_to_json" ->
              Optional.of(() -> element(Internal.TO_JSON, arguments.getFirst(), types, to));
          case "json_agg" -> Optional.of(() -> aggregate(function, types, to));
          case "json_object_agg" -> Optional.of(() -> objectAggregate(function, types, to));
          default -> Optional.empty();
        };
    made.ifPresent(call -> as(binary, call, to));
    return made.isPresent();
  }

  private static void as(boolean binary, Runnable call, ExpressionWriter to) {
    to.cast(
        () -> {
          if (binary) {
            to.open(Internal.JSONB);
          }
          call.run();
          if (binary) {
            to.write(")");
          }
        },
        typeOf(binary));
  }

  /// `json_agg(x) FILTER (WHERE …)`
  static boolean write(AnalyticExpression analytic, StaticTypes types, ExpressionWriter to) {
    String name = StaticTypes.last(analytic.getName());
    if (!name.equals("json_agg") && !name.equals("jsonb_agg")) {
      return false;
    }
    Expression value = analytic.getExpression();
    if (value == null) {
      throw Arguments.tooFew(name, 0);
    }
    as(
        name.startsWith("jsonb"),
        () -> {
          to.write("'[' || ");
          analytic.setName("string_agg");
          analytic.setExpression(new Written(t -> element(Internal.JSON_ELEMENT, value, types, t)));
          analytic.setOffset(new StringValue(", "));
          to.engineCall(analytic);
          to.write(" || ']'");
        },
        to);
    analytic.setName(name);
    analytic.setExpression(value);
    return true;
  }

  private static void aggregate(Function function, StaticTypes types, ExpressionWriter to) {
    Expression value = Arguments.of(function).getFirst();
    boolean rows = !types.row(value).isEmpty();
    strings(
        function,
        new Written(t -> element(Internal.JSON_ELEMENT, value, types, t)),
        "'['",
        rows ? ", \n " : ", ",
        "']'",
        to);
  }

  private static void objectAggregate(Function function, StaticTypes types, ExpressionWriter to) {
    Arguments pair = Arguments.of(function);
    strings(
        function,
        new Written(t -> list(Internal.JSON_FIELD, pair, types, t)),
        "'{ '",
        ", ",
        "' }'",
        to);
  }

  private static void strings(
      Function function,
      Expression element,
      String begin,
      String between,
      String end,
      ExpressionWriter to) {
    ExpressionList<?> before = function.getParameters();
    to.write(begin + " || ");
    function.setParameters(new ExpressionList<>(element, new StringValue(between)));
    to.engineCall(function, "STRING_AGG");
    to.write(" || " + end);
    function.setParameters(before);
  }

  /// One value as JSON: a row as an object.
  private static void element(
      String function, Expression value, StaticTypes types, ExpressionWriter to) {
    List<Typed> row = types.row(value);
    if (!row.isEmpty()) {
      row(value, row, types, to);
    } else {
      list(function, List.of(value), types, to);
    }
  }

  private static void row(
      Expression row, List<Typed> columns, StaticTypes types, ExpressionWriter to) {
    String name =
        row instanceof AllTableColumns all
            ? all.getTable().getName()
            : ((Column) row).getColumnName();
    var fields = new ArrayList<Expression>();
    for (Typed column : columns) {
      fields.add(new StringValue(column.name().replace("'", "''")));
      fields.add(new Column(new Table(name), Identifiers.quote(column.name())));
    }
    list(Internal.JSON_ROW, fields, types, to);
  }

  /// `function('-j', a, b)`
  private static void list(
      String function, List<? extends Expression> values, StaticTypes types, ExpressionWriter to) {
    var kinds = new StringBuilder();
    for (Expression value : values) {
      Optional<SqlType> type = types.of(value);
      boolean isJson =
          type.filter(t -> t == SqlType.JSON || t == SqlType.JSONB).isPresent()
              || !types.row(value).isEmpty();
      kinds.append(isJson ? 'j' : '-');
    }
    to.open(function);
    to.write("'" + kinds + "'");
    for (Expression value : values) {
      to.write(", ");
      value(value, types, to);
    }
    to.write(")");
  }

  /// What the engine takes for a number and PostgreSQL does not is handed over as a text.
  private static void value(Expression value, StaticTypes types, ExpressionWriter to) {
    List<Typed> row = types.row(value);
    Optional<SqlType> type = types.of(value);
    if (!row.isEmpty()) {
      row(value, row, types, to);
    } else if (type.isPresent()) {
      switch (type.get()) {
        case PG_LSN, OID, XID, XID8 -> to.text(value);
        default -> to.write(value);
      }
    } else {
      to.write(value);
    }
  }
}
