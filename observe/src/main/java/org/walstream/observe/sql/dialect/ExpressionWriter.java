package org.walstream.observe.sql.dialect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.ArrayConstructor;
import net.sf.jsqlparser.expression.ArrayExpression;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.CollateExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.IntervalExpression;
import net.sf.jsqlparser.expression.JdbcParameter;
import net.sf.jsqlparser.expression.JsonExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.RowGetExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.TimeKeyExpression;
import net.sf.jsqlparser.expression.WhenClause;
import net.sf.jsqlparser.expression.operators.arithmetic.BitwiseXor;
import net.sf.jsqlparser.expression.operators.arithmetic.Concat;
import net.sf.jsqlparser.expression.operators.arithmetic.Modulo;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.OldOracleJoinBinaryExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.expression.operators.relational.RegExpMatchOperator;
import net.sf.jsqlparser.expression.operators.relational.RegExpMatchOperatorType;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.util.deparser.ExpressionDeParser;
import org.walstream.observe.sql.function.Functions;
import org.walstream.observe.sql.function.Functions.Internal;
import org.walstream.observe.sql.function.SqlFunction;
import org.walstream.observe.sql.type.TypeTag;
import org.walstream.send.ArrayText;
import org.walstream.send.SqlType;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Writes expressions for the engine.
final class ExpressionWriter extends ExpressionDeParser {

  /// Functions without parentheses.
  private static final Set<String> BARE =
      Set.of(
          "current_user",
          "session_user",
          "user",
          "current_role",
          "current_catalog",
          "current_schema");

  /// Columns that older versions call otherwise, for clients that go by the version a node reports.
  private static final Map<String, String> FORMER_NAMES = Map.of("daticulocale", "datlocale");

  private static final Set<SqlType> TEXTS =
      Set.of(SqlType.TEXT, SqlType.NAME, SqlType.VARCHAR, SqlType.CHAR, SqlType.INET);

  /// Functions of several arguments that all are of one type.
  private static final Set<String> SAME_TYPE = Set.of("coalesce", "nullif");

  private static final Set<String> JSON_ROWS =
      Set.of("row_to_json", "json_agg", "jsonb_agg", "array_to_json");

  private final StaticTypes types;
  private final Map<String, List<String>> rows = new HashMap<>();
  private final List<Integer> castParameters = new ArrayList<>();
  private Map<String, List<String>> joined = Map.of();
  private Map<String, String> laterals = Map.of();
  private int parameters;

  ExpressionWriter(StaticTypes types) {
    this.types = types;
  }

  /// How many parameters there are.
  int parameters() {
    return parameters;
  }

  List<Integer> castParameters() {
    while (castParameters.size() < parameters) {
      castParameters.add(0);
    }
    return castParameters;
  }

  private void write(String text) {
    builder.append(text);
  }

  private void write(Expression expression) {
    expression.accept(this, null);
  }

  private void call(String function, Expression... arguments) {
    write("\"pg_catalog\"." + Identifiers.quote(Internal.alias(function)) + "(");
    for (int i = 0; i < arguments.length; i++) {
      write(i == 0 ? "" : ", ");
      write(arguments[i]);
    }
    write(")");
  }

  private void cast(Runnable value, String type) {
    write("CAST(");
    value.run();
    write(" AS " + type + ")");
  }

  // Names

  @Override
  public <S> StringBuilder visit(Column column, S context) {
    boolean bare = column.getTable() == null || column.getTable().getName() == null;
    String name =
        FORMER_NAMES.getOrDefault(
            Identifiers.name(column.getColumnName()), Identifiers.name(column.getColumnName()));
    if (column.getArrayConstructor() != null) {
      var index = column.getArrayConstructor().getExpressions().getFirst();
      column.setArrayConstructor(null);
      write("ARRAY_GET(");
      if (types.is(column, SqlType.INT2VECTOR) || types.is(column, SqlType.OIDVECTOR)) {
        call(Internal.ARRAY, column);
      } else {
        write(column);
      }
      write(", ");
      write(index);
      write(")");
    } else if (bare && BARE.contains(name) && !column.getColumnName().startsWith("\"")) {
      function(Functions.find(name).orElseThrow(), new ExpressionList<>());
    } else {
      String elsewhere =
          laterals.get(bare ? name : Identifiers.name(column.getTable().getName()) + "." + name);
      if (elsewhere != null) {
        write(Fragments.expression(elsewhere));
      } else if (!bare) {
        write(FullJoin.column(Identifiers.name(column.getTable().getName()), name));
      } else {
        merged(joined.getOrDefault(name, List.of()), name);
      }
    }
    return builder;
  }

  /// A column that several tables have and that a join has made one of.
  private void merged(List<String> tables, String name) {
    switch (tables.size()) {
      case 0 -> write(Identifiers.quote(name));
      case 1 -> write(FullJoin.column(tables.getFirst(), name));
      default ->
          write(
              "COALESCE(%s, %s)"
                  .formatted(
                      FullJoin.column(tables.get(0), name), FullJoin.column(tables.get(1), name)));
    }
  }

  // Calls

  @Override
  public <S> StringBuilder visit(Function function, S context) {
    String name = StaticTypes.last(function.getName());
    Optional<SqlFunction> ours = Functions.find(name);
    List<? extends Expression> arguments =
        function.getParameters() == null
            ? function.getNamedParameters() == null ? List.of() : function.getNamedParameters()
            : function.getParameters();
    if (name.equals("substring") && arguments.size() == 2 && isText(arguments.get(1))) {
      call(Internal.REGEX_SUBSTRING, arguments.getFirst(), arguments.get(1));
    } else if (name.equals("position") && arguments.size() == 2) {
      write("LOCATE(");
      list(arguments);
      write(")");
    } else if (JSON_ROWS.contains(name) && row(arguments).isPresent()) {
      json(name, row(arguments).get());
    } else if (SAME_TYPE.contains(name) && types.is(function, SqlType.PG_LSN)) {
      write(name.toUpperCase(Locale.ROOT) + "(");
      for (int i = 0; i < arguments.size(); i++) {
        write(i == 0 ? "" : ", ");
        lsn(arguments.get(i));
      }
      write(")");
    } else if (name.equals("pg_lsn") && arguments.size() == 1) {
      lsn(arguments.getFirst());
    } else if (name.equals("greatest") || name.equals("least")) {
      write(name.toUpperCase(Locale.ROOT) + "(");
      list(arguments);
      write(") IGNORE NULLS");
    } else if (name.equals("age") && types.is(arguments.getFirst(), SqlType.XID)) {
      call(Internal.XID_AGE, arguments.getFirst());
    } else if (name.equals("age") && arguments.size() == 1) {
      write("(");
      call("now");
      write(" - ");
      write(arguments.getFirst());
      write(")");
    } else if (name.equals("date_part") && arguments.size() == 2) {
      datePart(arguments);
    } else if (name.equals("host") && arguments.size() == 1) {
      call(Internal.TEXT, arguments.getFirst());
    } else if (name.equals("text") && arguments.size() == 1) {
      text(arguments.getFirst());
    } else if (ours.isPresent() && !ours.get().returnsTable()) {
      function(ours.get(), arguments);
    } else if (ours.isPresent()) {
      write("(SELECT ");
      write(Identifiers.quote(ours.get().columns().getFirst().name()));
      write(" FROM ");
      table(ours.get(), arguments);
      write(")");
    } else {
      function.setName(engineFunction(function.getName()));
      super.visit(function, context);
    }
    return builder;
  }

  private static String engineFunction(String written) {
    String name = StaticTypes.last(written);
    return EngineFunctions.find(name)
        .orElseThrow(() ->
            new RefusedQueryException(
                ServerError.error(
                    SqlState.UNDEFINED_FUNCTION, "function %s() does not exist".formatted(name)),
                name));
  }

  /// The subquery of which rows are to be made JSON: `row_to_json(r)`, `json_agg(r.*)`,
  /// `array_to_json(array_agg(row_to_json(r)))`.
  private Optional<String> row(List<? extends Expression> arguments) {
    if (arguments.size() != 1) {
      return Optional.empty();
    }
    return switch (arguments.getFirst()) {
      case Column column ->
          Optional.of(Identifiers.name(column.getColumnName())).filter(rows::containsKey);
      case AllTableColumns all ->
          Optional.of(Identifiers.name(all.getTable().getName())).filter(rows::containsKey);
      case Function function
          when Set.of("array_agg", "row_to_json").contains(StaticTypes.last(function.getName()))
              && function.getParameters() != null ->
          row(function.getParameters());
      default -> Optional.empty();
    };
  }

  private void json(String function, String row) {
    String fields =
        String.join(
            ", ",
            rows.getOrDefault(row, List.of()).stream()
                .map(name ->
                    "%s: %s.%s"
                        .formatted(quoted(name), Identifiers.quote(row), Identifiers.quote(name)))
                .toList());
    String object = "JSON_OBJECT(" + fields + ")";
    write(function.equals("row_to_json") ? object : "JSON_ARRAYAGG(" + object + ")");
  }

  /// Columns that a join has made one of, and the tables whose are taken, the first that is not
  /// null: to the engine their names alone are ambiguous.
  ///
  /// @return those of the query around this one
  Map<String, List<String>> join(Map<String, List<String>> columns) {
    Map<String, List<String>> before = joined;
    joined = columns;
    return before;
  }

  /// Columns that are written out where they are used, by their names, with or without their
  /// table's.
  ///
  /// @return those of the query around this one
  Map<String, String> laterals(Map<String, String> columns) {
    Map<String, String> before = laterals;
    laterals = new HashMap<>(before);
    laterals.putAll(columns);
    return before;
  }

  void leaveLaterals(Map<String, String> around) {
    laterals = around;
  }

  /// A subquery has these columns.
  void noteRow(String alias, List<String> columns) {
    rows.put(alias, columns);
  }

  private boolean isText(Expression expression) {
    return expression instanceof StringValue;
  }

  private void list(List<? extends Expression> expressions) {
    for (int i = 0; i < expressions.size(); i++) {
      write(i == 0 ? "" : ", ");
      write(expressions.get(i));
    }
  }

  private void datePart(List<? extends Expression> arguments) {
    cast(
        () -> {
          String field =
              arguments.getFirst() instanceof StringValue text ? text.getValue() : "epoch";
          write("EXTRACT(" + field.toUpperCase(Locale.ROOT).replaceAll("[^A-Z_]", "") + " FROM ");
          write(arguments.get(1));
          write(")");
        },
        "DOUBLE PRECISION");
  }

  /// A call of a function of ours, of which the engine must be told the type.
  private void function(SqlFunction function, List<? extends Expression> arguments) {
    switch (function.returns()) {
      case PG_LSN, OID, NAME, INET, VOID, INTERVAL, NUMERIC, NAME_ARRAY ->
          cast(() -> call(function, arguments), TypeTag.of(function.returns()));
      default -> call(function, arguments);
    }
  }

  private void call(SqlFunction function, List<? extends Expression> arguments) {
    write("\"pg_catalog\"." + Identifiers.quote(function.alias()) + "(");
    for (int i = 0; i < arguments.size(); i++) {
      write(i == 0 ? "" : ", ");
      boolean lsn =
          i < function.parameters().size() && function.parameters().get(i) == SqlType.PG_LSN;
      if (lsn) {
        lsn(arguments.get(i));
      } else {
        write(arguments.get(i));
      }
    }
    write(")");
  }

  /// A function that returns rows, as something to select from.
  void table(SqlFunction function, List<? extends Expression> arguments) {
    write("(SELECT ");
    for (int i = 0; i < function.columns().size(); i++) {
      var column = function.columns().get(i);
      String name = Identifiers.quote(column.name());
      write(i == 0 ? "" : ", ");
      cast(() -> write(name), TypeTag.of(column.type()));
      write(" AS " + name);
    }
    write(" FROM ");
    call(function, arguments);
    write(")");
  }

  @Override
  public <S> StringBuilder visit(AnalyticExpression analytic, S context) {
    analytic.setName(engineFunction(analytic.getName()));
    return super.visit(analytic, context);
  }

  @Override
  public <S> StringBuilder visit(RowGetExpression field, S context) {
    Expression of = field.getExpression();
    while (of instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
      of = list.getFirst();
    }
    if (of instanceof Function function) {
      Optional<SqlFunction> ours =
          Functions.find(StaticTypes.last(function.getName())).filter(SqlFunction::returnsTable);
      if (ours.isPresent()) {
        write("(SELECT " + Identifiers.requoted(field.getColumnName()) + " FROM ");
        table(ours.get(), function.getParameters() == null ? List.of() : function.getParameters());
        write(")");
        return builder;
      }
    }
    return super.visit(field, context);
  }

  @Override
  public <S> StringBuilder visit(TimeKeyExpression time, S context) {
    String name = time.getStringValue().toLowerCase(Locale.ROOT).replace("()", "");
    if (name.equals("current_timestamp")) {
      call("now");
    } else {
      write(name.toUpperCase(Locale.ROOT));
    }
    return builder;
  }

  @Override
  public <S> StringBuilder visit(ArrayExpression element, S context) {
    write("ARRAY_GET(");
    write(element.getObjExpression());
    write(", ");
    write(element.getIndexExpression());
    write(")");
    return builder;
  }

  // Constants

  @Override
  public <S> StringBuilder visit(StringValue value, S context) {
    String prefix = value.getPrefix() == null ? "" : value.getPrefix().toUpperCase(Locale.ROOT);
    String text = value.getValue();
    if (value.getQuoteStr() != null && value.getQuoteStr().startsWith("$")) {
      write(quoted(text));
    } else if (prefix.equals("E")) {
      write(quoted(unescaped(text.replace("''", "'"))));
    } else if (prefix.isEmpty()) {
      write("'" + text + "'");
    } else {
      throw new UnsupportedOperationException("constants of the form " + prefix + "'...'");
    }
    return builder;
  }

  private static String quoted(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }

  private static String unescaped(String text) {
    var plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        char escaped = text.charAt(++i);
        plain.append(
            switch (escaped) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case 'r' -> '\r';
              case 'b' -> '\b';
              case 'f' -> '\f';
              default -> escaped;
            });
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  @Override
  public <S> StringBuilder visit(IntervalExpression interval, S context) {
    String unit =
        interval.getIntervalQualifier() == null ? "" : interval.getIntervalQualifier().toString();
    if (interval.getParameter() == null) {
      return super.visit(interval, context);
    }
    String text = interval.getParameter().replaceAll("^'|'$", "") + " " + unit;
    cast(
        () -> call(Internal.INTERVAL, new StringValue(text.strip().replace("'", "''"))),
        TypeTag.of(SqlType.INTERVAL));
    return builder;
  }

  @Override
  public <S> StringBuilder visit(JdbcParameter parameter, S context) {
    parameters = Math.max(parameters, parameter.getIndex());
    write("?" + parameter.getIndex());
    return builder;
  }

  // Operators

  @Override
  public <S> StringBuilder visit(RegExpMatchOperator match, S context) {
    RegExpMatchOperatorType type = match.getOperatorType();
    boolean not =
        type == RegExpMatchOperatorType.NOT_MATCH_CASESENSITIVE
            || type == RegExpMatchOperatorType.NOT_MATCH_CASEINSENSITIVE;
    boolean ignoringCase =
        type == RegExpMatchOperatorType.MATCH_CASEINSENSITIVE
            || type == RegExpMatchOperatorType.NOT_MATCH_CASEINSENSITIVE;
    write(not ? "(NOT " : "");
    call(
        ignoringCase ? Internal.MATCHES_IGNORING_CASE : Internal.MATCHES,
        match.getLeftExpression(),
        match.getRightExpression());
    write(not ? ")" : "");
    return builder;
  }

  /// The engine's own LIKE can take for ever over a pattern of many `%`, and nothing stops it.
  @Override
  public <S> StringBuilder visit(LikeExpression like, S context) {
    boolean ignoringCase =
        switch (like.getLikeKeyWord()) {
          case LIKE -> false;
          case ILIKE -> true;
          default -> throw new UnsupportedOperationException(like.getLikeKeyWord().toString());
        };
    if (like.getRightExpression() instanceof Function any
        && Set.of("any", "some", "all").contains(StaticTypes.last(any.getName()))) {
      likeEach(like, any);
      return builder;
    }
    write(like.isNot() ? "(NOT " : "");
    String function = ignoringCase ? Internal.ILIKE : Internal.LIKE;
    if (like.getEscape() == null) {
      call(function, like.getLeftExpression(), like.getRightExpression());
    } else {
      call(function, like.getLeftExpression(), like.getRightExpression(), like.getEscape());
    }
    write(like.isNot() ? ")" : "");
    return builder;
  }

  /// `x LIKE ANY (ARRAY['a%', 'b%'])`: one LIKE for each of the patterns.
  private void likeEach(LikeExpression like, Function any) {
    boolean all = StaticTypes.last(any.getName()).equals("all");
    List<? extends Expression> arguments =
        any.getParameters() == null ? List.of() : any.getParameters();
    if (arguments.size() != 1) {
      throw new UnsupportedOperationException("LIKE with arrays");
    }
    String between = "(";
    for (Expression pattern : patterns(arguments.getFirst())) {
      write(between);
      var one =
          new LikeExpression()
              .withLeftExpression(like.getLeftExpression())
              .withRightExpression(pattern);
      one.setNot(like.isNot());
      one.setLikeKeyWord(like.getLikeKeyWord());
      one.accept(this, null);
      between = all ? " AND " : " OR ";
    }
    write(between.equals("(") ? (all ? "(TRUE" : "(FALSE") : "");
    write(")");
  }

  /// The elements of an array that is written out.
  private static List<Expression> patterns(Expression array) {
    return switch (array) {
      case ArrayConstructor written -> List.copyOf(written.getExpressions());
      case CastExpression cast -> patterns(cast.getLeftExpression());
      case ParenthesedExpressionList<?> list when list.size() == 1 -> patterns(list.getFirst());
      case StringValue text when text.getValue().startsWith("{") ->
          ArrayText.elements(text.getValue()).stream()
              .<Expression>map(element ->
                  element == null ? new NullValue() : new StringValue(element.replace("'", "''")))
              .toList();
      default -> throw new UnsupportedOperationException("LIKE with arrays");
    };
  }

  @Override
  protected <S> void deparse(BinaryExpression expression, String operator, S context) {
    if (hasPosition(expression)) {
      positions(expression, operator);
    } else {
      super.deparse(expression, operator, context);
    }
  }

  /// Comparisons.
  @Override
  public <S> StringBuilder deparse(
      OldOracleJoinBinaryExpression expression, String operator, S context) {
    if (hasPosition(expression)) {
      positions(expression, operator);
      return builder;
    }
    if (types.is(expression.getLeftExpression(), SqlType.BOOL)
        && expression.getRightExpression() instanceof StringValue text) {
      write(expression.getLeftExpression());
      write(operator);
      call(Internal.BOOL, text);
      return builder;
    }
    Optional<SqlType> array =
        types.of(expression.getLeftExpression()).filter(type -> type.element().isPresent());
    if (array.isPresent() && expression.getRightExpression() instanceof StringValue text) {
      write(expression.getLeftExpression());
      write(operator);
      array(text.getValue(), array.get());
      return builder;
    }
    return super.deparse(expression, operator, context);
  }

  private boolean hasPosition(BinaryExpression expression) {
    return types.is(expression.getLeftExpression(), SqlType.PG_LSN)
        || types.is(expression.getRightExpression(), SqlType.PG_LSN);
  }

  private void positions(BinaryExpression expression, String operator) {
    lsn(expression.getLeftExpression());
    write(operator);
    lsn(expression.getRightExpression());
  }

  /// A position: a text that stands for one is read.
  private void lsn(Expression expression) {
    if (expression instanceof StringValue) {
      cast(() -> call(Internal.LSN_PARSE, expression), TypeTag.of(SqlType.PG_LSN));
    } else if (expression instanceof JdbcParameter parameter) {
      noteParameter(parameter, SqlType.PG_LSN);
      cast(() -> write(expression), TypeTag.of(SqlType.PG_LSN));
    } else {
      write(expression);
    }
  }

  @Override
  public <S> StringBuilder visit(Concat concat, S context) {
    concatenated(concat.getLeftExpression());
    write(" || ");
    concatenated(concat.getRightExpression());
    return builder;
  }

  private void concatenated(Expression expression) {
    Optional<SqlType> type = types.of(expression);
    boolean asIs = type.isEmpty() || TEXTS.contains(type.get()) || type.get().element().isPresent();
    if (asIs) {
      write(expression);
    } else {
      text(expression);
    }
  }

  @Override
  public <S> StringBuilder visit(BitwiseXor power, S context) {
    write("POWER(");
    write(power.getLeftExpression());
    write(", ");
    write(power.getRightExpression());
    write(")");
    return builder;
  }

  /// The engine gives the rest the divisor's type.
  @Override
  public <S> StringBuilder visit(Modulo modulo, S context) {
    if (types.is(modulo.getLeftExpression(), SqlType.NUMERIC)) {
      cast(() -> super.visit(modulo, context), TypeTag.of(SqlType.NUMERIC));
      return builder;
    }
    return super.visit(modulo, context);
  }

  @Override
  public <S> StringBuilder visit(CollateExpression collate, S context) {
    write(collate.getLeftExpression());
    return builder;
  }

  @Override
  public <S> StringBuilder visit(JsonExpression json, S context) {
    throw new UnsupportedOperationException("operators on json");
  }

  /// `CASE a WHEN b` compares without the conversions that `a = b` makes: it is written so.
  @Override
  public <S> StringBuilder visit(CaseExpression choice, S context) {
    Expression of = choice.getSwitchExpression();
    if (of != null) {
      for (WhenClause when : choice.getWhenClauses()) {
        when.setWhenExpression(new EqualsTo(of, when.getWhenExpression()));
      }
      choice.setSwitchExpression(null);
    }
    return super.visit(choice, context);
  }

  // Casts

  @Override
  public <S> StringBuilder visit(CastExpression cast, S context) {
    String written = cast.getColDataType().toString();
    String bare = TypeNames.bare(written);
    Expression value = cast.getLeftExpression();
    Optional<SqlType> type = TypeNames.find(written);
    if (value instanceof JdbcParameter parameter && type.isPresent()) {
      noteParameter(parameter, type.get());
    }
    if (bare.equals("regclass")) {
      regclass(value);
    } else if (isBits(value)) {
      cast(
          () -> call(Internal.HEX, ((CastExpression) value).getLeftExpression()),
          TypeTag.of(type.orElse(SqlType.INT8)));
    } else if (bare.equals("regtype")) {
      regtype(value);
    } else if (bare.equals("regnamespace")) {
      call(Internal.REGNAMESPACE_OUT, value);
    } else if (bare.equals("regrole")) {
      function(Functions.find("pg_get_userbyid").orElseThrow(), List.of(value));
    } else if (type.isEmpty()) {
      throw new UnsupportedOperationException("type \"" + bare + "\"");
    } else if (type.get() == SqlType.OID && isRegclass(value)) {
      cast(
          () -> call(Internal.REGCLASS_IN, ((CastExpression) value).getLeftExpression()),
          TypeTag.of(SqlType.OID));
    } else {
      cast(value, type.get(), written);
    }
    return builder;
  }

  private void noteParameter(JdbcParameter parameter, SqlType type) {
    while (castParameters.size() < parameter.getIndex()) {
      castParameters.add(0);
    }
    castParameters.set(parameter.getIndex() - 1, type.oid());
  }

  private static boolean isRegclass(Expression value) {
    return value instanceof CastExpression inner
        && TypeNames.bare(inner.getColDataType().toString()).equals("regclass")
        && inner.getLeftExpression() instanceof StringValue;
  }

  /// `('x' || hex)::bit(32)`, which is how a number is read in hexadecimal.
  private static boolean isBits(Expression value) {
    return value instanceof CastExpression inner
        && TypeNames.bare(inner.getColDataType().toString()).equals("bit");
  }

  /// A name is looked up; a number is shown by its name.
  private void regclass(Expression value) {
    if (value instanceof StringValue) {
      cast(() -> call(Internal.REGCLASS_IN, value), TypeTag.of(SqlType.OID));
    } else {
      call(Internal.REGCLASS_OUT, value);
    }
  }

  private void regtype(Expression value) {
    if (value instanceof StringValue) {
      cast(() -> call(Internal.REGTYPE_IN, value), TypeTag.of(SqlType.OID));
    } else {
      call(Internal.REGTYPE_OUT, value);
    }
  }

  private void cast(Expression value, SqlType type, String written) {
    boolean text = value instanceof StringValue;
    switch (type) {
      case TEXT, VARCHAR, JSON -> text(value);
      case PG_LSN -> lsn(value);
      case NAME, INET, CHAR, REGPROC -> cast(() -> text(value), TypeTag.of(type));
      case BOOL -> {
        if (text) {
          call(Internal.BOOL, value);
        } else {
          cast(() -> write(value), TypeTag.of(type));
        }
      }
      case INTERVAL ->
          cast(
              () -> {
                if (types.is(value, SqlType.TEXT)) {
                  call(Internal.INTERVAL, value);
                } else {
                  write(value);
                }
              },
              TypeTag.of(type));
      case NUMERIC -> cast(() -> write(value), numeric(written));
      default -> {
        if (text && type.element().isPresent()) {
          array(((StringValue) value).getValue(), type);
        } else {
          cast(() -> write(value), TypeTag.of(type));
        }
      }
    }
  }

  /// With a precision and a scale if there are any; not one by which a type is told.
  private static String numeric(String written) {
    var digits = written.replaceAll("[^0-9,]", "").split(",");
    return digits.length == 2
        ? "NUMERIC(%d, %s)".formatted(Integer.parseInt(digits[0]) + 30, digits[1])
        : TypeTag.of(SqlType.NUMERIC);
  }

  private void array(String text, SqlType type) {
    String elements = text.replaceAll("^\\{|\\}$", "");
    cast(
        () -> {
          write("ARRAY[");
          if (!elements.isBlank()) {
            write(
                String.join(
                    ", ",
                    List.of(elements.split(",")).stream()
                        .map(e -> quoted(e.strip().replaceAll("^\"|\"$", "")))
                        .toList()));
          }
          write("]");
        },
        TypeTag.of(type));
  }

  private void text(Expression value) {
    if (value instanceof StringValue) {
      write(value);
    } else if (types.is(value, SqlType.PG_LSN)) {
      call(Internal.LSN_FORMAT, value);
    } else if (types.is(value, SqlType.INET)) {
      call(Internal.INET_FORMAT, value);
    } else if (value instanceof JdbcParameter) {
      cast(() -> write(value), "VARCHAR");
    } else if (value instanceof CastExpression inner
        && TypeNames.bare(inner.getColDataType().toString()).equals("regclass")
        && inner.getLeftExpression() instanceof StringValue name) {
      write(name);
    } else {
      call(Internal.TEXT, value);
    }
  }
}
