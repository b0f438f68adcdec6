package org.walstream.observe.sql.dialect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.ArrayConstructor;
import net.sf.jsqlparser.expression.ArrayExpression;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.CollateExpression;
import net.sf.jsqlparser.expression.DateTimeLiteralExpression;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExtractExpression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.IntervalExpression;
import net.sf.jsqlparser.expression.JdbcParameter;
import net.sf.jsqlparser.expression.JsonExpression;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.RowGetExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.TimeKeyExpression;
import net.sf.jsqlparser.expression.TimezoneExpression;
import net.sf.jsqlparser.expression.WhenClause;
import net.sf.jsqlparser.expression.operators.arithmetic.BitwiseXor;
import net.sf.jsqlparser.expression.operators.arithmetic.Concat;
import net.sf.jsqlparser.expression.operators.arithmetic.Modulo;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.DoubleAnd;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.JsonOperator;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.OldOracleJoinBinaryExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.expression.operators.relational.RegExpMatchOperator;
import net.sf.jsqlparser.expression.operators.relational.RegExpMatchOperatorType;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.util.deparser.ExpressionDeParser;
import org.walstream.observe.sql.function.DeniedFunctions;
import org.walstream.observe.sql.function.Functions;
import org.walstream.observe.sql.function.Functions.Internal;
import org.walstream.observe.sql.function.SqlFunction;
import org.walstream.observe.sql.type.TypeTag;
import org.walstream.send.ArrayText;
import org.walstream.send.RowSet;
import org.walstream.send.SqlType;

/// Writes expressions for the engine.
final class ExpressionWriter extends ExpressionDeParser {

  /// Functions without parentheses.
  private static final Set<String> BARE =
      Set.of(
          "current_user",
          "session_user",
          "user",
          "current_role",
          "system_user",
          "current_catalog",
          "current_schema");

  /// Columns that older versions call otherwise, for clients that go by the version a node reports.
  private static final Map<String, String> FORMER_NAMES = Map.of("daticulocale", "datlocale");

  private static final Set<SqlType> TEXTS =
      Set.of(SqlType.TEXT, SqlType.NAME, SqlType.VARCHAR, SqlType.CHAR, SqlType.INET);

  /// Functions of several arguments that all are of one type.
  private static final Set<String> SAME_TYPE = Set.of("coalesce", "nullif");

  private static final Set<String> ALIKE = Set.of("coalesce", "nullif", "greatest", "least");

  private final StaticTypes types;

  private Map<String, List<String>> joined = Map.of();
  private Map<String, String> laterals = Map.of();

  ExpressionWriter(StaticTypes types) {
    this.types = types;
  }

  void write(String text) {
    builder.append(text);
  }

  void write(Expression expression) {
    expression.accept(this, null);
  }

  void call(String function, Expression... arguments) {
    open(function);
    for (int i = 0; i < arguments.length; i++) {
      write(i == 0 ? "" : ", ");
      write(arguments[i]);
    }
    write(")");
  }

  void cast(Runnable value, String type) {
    write("CAST(");
    value.run();
    write(" AS " + type + ")");
  }

  /// As a value of that type, whatever it is.
  void as(SqlType type, Expression value) {
    if (types.is(value, type)) {
      write(value);
    } else {
      types.parameters().note(value, Optional.of(type));
      cast(() -> write(value), TypeTag.of(type));
    }
  }

  /// A number with its digits as it is carried: see [TypeTag].
  void numeric(Runnable value) {
    open(Internal.NUMERIC);
    value.run();
    write(")");
  }

  /// The beginning of a call of a function of ours; a list and a parenthesis are to follow.
  void open(String internal) {
    write("\"pg_catalog\"." + Identifiers.quote(Internal.alias(internal)) + "(");
  }

  void engineCall(AnalyticExpression analytic) {
    super.visit(analytic, null);
  }

  /// A call of a function of the engine's, whatever it is called in the query.
  void engineCall(Function function, String name) {
    String before = function.getName();
    function.setName(name);
    super.visit(function, null);
    function.setName(before);
  }

  // Names

  @Override
  public <S> StringBuilder visit(Column column, S context) {
    boolean bare = column.getTable() == null || column.getTable().getName() == null;
    String name =
        FORMER_NAMES.getOrDefault(
            Identifiers.name(column.getColumnName()), Identifiers.name(column.getColumnName()));
    Optional<Integer> tableOid = types.tableOid(column);
    if (tableOid.isPresent()) {
      cast(() -> write(tableOid.get().toString()), TypeTag.of(SqlType.OID));
    } else if (column.getArrayConstructor() != null) {
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
    List<? extends Expression> arguments = Arguments.ofAnyForm(function);
    if (ALIKE.contains(name)) {
      noteAlike(arguments);
    }
    if (name.equals("substring") && arguments.size() == 2 && isText(arguments.get(1))) {
      call(Internal.REGEX_SUBSTRING, arguments.getFirst(), arguments.get(1));
    } else if (name.equals("position") && arguments.size() == 2) {
      write("LOCATE(");
      list(arguments);
      write(")");
    } else if (Json.write(function, types, this) || TextCalls.write(name, arguments, types, this)) {
      return builder;
    } else if (SAME_TYPE.contains(name) && types.is(function, SqlType.PG_LSN)) {
      write(name.toUpperCase(Locale.ROOT) + "(");
      for (int i = 0; i < arguments.size(); i++) {
        write(i == 0 ? "" : ", ");
        lsn(arguments.get(i));
      }
      write(")");
    } else if (name.equals("pg_lsn") && arguments.size() == 1) {
      if (types.of(arguments.getFirst()).filter(NumberTypes::isNumber).isPresent()) {
        cast(() -> write(arguments.getFirst()), TypeTag.of(SqlType.PG_LSN));
      } else {
        lsn(arguments.getFirst());
      }
    } else if (name.equals("greatest") || name.equals("least")) {
      write(name.toUpperCase(Locale.ROOT) + "(");
      list(arguments);
      write(") IGNORE NULLS");
    } else if (name.equals("age") && types.is(arguments.getFirst(), SqlType.XID)) {
      call(Internal.XID_AGE, arguments.getFirst());
    } else if (name.equals("age")) {
      age(arguments);
    } else if (name.equals("date_trunc")) {
      truncated(arguments);
    } else if (name.equals("timezone") && arguments.size() == 2) {
      atTimeZone(arguments.get(1), types.of(arguments.get(1)), List.of(arguments.getFirst()));
    } else if (NumberCalls.write(function, types, this)) {
      return builder;
    } else if (name.equals("host") && arguments.size() == 1) {
      call(Internal.TEXT, arguments.getFirst());
    } else if (name.equals("text") && arguments.size() == 1) {
      text(arguments.getFirst());
    } else if (ours.isPresent() && !ours.get().returnsTable()) {
      function(ours.get(), arguments);
    } else if (ours.isPresent()) {
      row(ours.get(), arguments);
    } else if (DeniedFunctions.has(name)) {
      call(Internal.DENY, new StringValue(name));
    } else {
      NumberCalls.requireFloat(name, types.of(function));
      function.setName(engineFunction(function.getName()));
      super.visit(function, context);
    }
    return builder;
  }

  private static String engineFunction(String written) {
    String name = StaticTypes.last(written);
    return EngineFunctions.find(name).orElseThrow(() -> PostgresFunctions.refused(name));
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

  private boolean isText(Expression expression) {
    return expression instanceof StringValue;
  }

  private void list(List<? extends Expression> expressions) {
    for (int i = 0; i < expressions.size(); i++) {
      write(i == 0 ? "" : ", ");
      write(expressions.get(i));
    }
  }

  /// `age(a, b)`, of what clocks show; `age(b)` is that of the day's beginning.
  private void age(List<? extends Expression> arguments) {
    cast(
        () -> {
          open(Internal.AGE);
          for (int i = 0; i < arguments.size(); i++) {
            write(i == 0 ? "" : ", ");
            Expression time = arguments.get(i);
            types.parameters().note(time, Optional.of(SqlType.TIMESTAMPTZ));
            cast(() -> write(time), TypeTag.of(SqlType.TIMESTAMP));
          }
          write(")");
        },
        TypeTag.of(SqlType.INTERVAL));
  }

  /// `date_trunc('hour', time)`, by the session's time zone or the one that is said.
  private void truncated(List<? extends Expression> arguments) {
    Expression time = arguments.get(1);
    if (types.is(time, SqlType.INTERVAL)) {
      cast(
          () -> {
            open(Internal.TRUNC_INTERVAL);
            write(arguments.getFirst());
            write(", ");
            call(Internal.OUTPUT, time);
            write(")");
          },
          TypeTag.of(SqlType.INTERVAL));
      return;
    }
    boolean local = types.is(time, SqlType.TIMESTAMP);
    var written = new ArrayList<Expression>(arguments);
    if (!local && !types.is(time, SqlType.TIMESTAMPTZ)) {
      written.set(1, new CastExpression("CAST", time, "timestamptz"));
    }
    call(local ? Internal.TRUNC_LOCAL : Internal.TRUNC_INSTANT, written.toArray(Expression[]::new));
  }

  @Override
  public <S> StringBuilder visit(ExtractExpression extract, S context) {
    call(
        Internal.EXTRACT,
        new StringValue(extract.getName().replace("'", "")),
        extract.getExpression());
    return builder;
  }

  @Override
  public <S> StringBuilder visit(TimezoneExpression zoned, S context) {
    atTimeZone(
        zoned.getLeftExpression(), types.of(zoned.getLeftExpression()), StaticTypes.zones(zoned));
    return builder;
  }

  /// `time AT TIME ZONE a AT TIME ZONE b`: of an instant what clocks show there, of what a clock
  /// there shows the instant, in turns.
  private void atTimeZone(
      Expression time, Optional<SqlType> type, List<? extends Expression> zones) {
    if (zones.isEmpty()) {
      if (type.isPresent() && type.get() != SqlType.TEXT && type.get() != SqlType.DATE) {
        write(time);
      } else {
        as(SqlType.TIMESTAMPTZ, time);
      }
      return;
    }
    // The last one is the outermost, and goes by what those before it have made.
    boolean local = type.filter(SqlType.TIMESTAMP::equals).isPresent() == (zones.size() % 2 == 1);
    open(local ? Internal.INSTANT : Internal.LOCAL_TIME);
    atTimeZone(time, type, zones.subList(0, zones.size() - 1));
    write(", ");
    write(zones.getLast());
    write(")");
  }

  /// A call of a function of ours, of which the engine must be told the type.
  private void function(SqlFunction function, List<? extends Expression> arguments) {
    switch (function.returns()) {
      case PG_LSN,
          OID,
          REGCLASS,
          REGTYPE,
          REGNAMESPACE,
          REGROLE,
          NAME,
          INET,
          VOID,
          INTERVAL,
          UUID,
          INT4_ARRAY,
          NAME_ARRAY ->
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
      if (i < function.parameters().size()) {
        types.parameters().note(arguments.get(i), Optional.of(function.parameters().get(i)));
      }
      if (lsn) {
        lsn(arguments.get(i));
      } else {
        write(arguments.get(i));
      }
    }
    write(")");
  }

  private void requireWholeNumbers(SqlFunction function, List<? extends Expression> arguments) {
    boolean series = function.name().equals("generate_series");
    if (series
        && arguments.stream()
            .flatMap(argument -> types.of(argument).stream())
            .anyMatch(type -> !NumberTypes.isInteger(type) && type != SqlType.TEXT)) {
      throw new UnsupportedOperationException("generate_series() of anything but whole numbers");
    }
  }

  /// A function that returns rows, as something to select from.
  void table(SqlFunction function, List<? extends Expression> arguments) {
    requireWholeNumbers(function, arguments);
    write("(SELECT ");
    for (int i = 0; i < function.columns().size(); i++) {
      var column = function.columns().get(i);
      String name = Identifiers.quote(column.name());
      write(i == 0 ? "" : ", ");
      if (column.type() == SqlType.NUMERIC) {
        numeric(() -> write(name));
      } else {
        cast(() -> write(name), TypeTag.of(column.type()));
      }
      write(" AS " + name);
    }
    write(" FROM ");
    call(function, arguments);
    write(")");
  }

  /// The row of a function that returns one, as a value: its only column, or a record.
  private void row(SqlFunction function, List<? extends Expression> arguments) {
    List<RowSet.Column> columns = function.columns();
    write("(SELECT ");
    if (columns.size() == 1) {
      write(Identifiers.quote(columns.getFirst().name()));
    } else {
      cast(() -> record(columns), TypeTag.of(SqlType.RECORD));
    }
    write(" FROM ");
    table(function, arguments);
    write(")");
  }

  private void record(List<RowSet.Column> columns) {
    open(Internal.RECORD);
    write(
        columns.stream()
            .map(column -> String.valueOf(column.type().oid()))
            .collect(Collectors.joining(" ", "'", "'")));
    for (RowSet.Column column : columns) {
      write(", " + Identifiers.quote(column.name()));
    }
    write(")");
  }

  @Override
  public <S> StringBuilder visit(AnalyticExpression analytic, S context) {
    if (Json.write(analytic, types, this)) {
      return builder;
    }
    if (NumberCalls.isAverage(analytic, types)) {
      open(Internal.NUMERIC_DIV);
      analytic.setName("SUM");
      super.visit(analytic, context);
      write(", ");
      analytic.setName("COUNT");
      super.visit(analytic, context);
      analytic.setName("avg");
      write(")");
      return builder;
    }
    NumberCalls.requireFloat(StaticTypes.last(analytic.getName()), types.of(analytic));
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
        table(ours.get(), Arguments.of(function));
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

  /// What is bound is a text, but for positions and booleans.
  @Override
  public <S> StringBuilder visit(JdbcParameter parameter, S context) {
    String value = "?" + types.parameters().number(parameter);
    Optional<SqlType> known = types.parameters().of(parameter);
    if (known.isEmpty()) {
      write(value);
      return builder;
    }
    SqlType type = known.get();
    switch (type) {
      case JSON -> cast(() -> call(Internal.JSON, value), TypeTag.of(type));
      case JSONB -> cast(() -> call(Internal.JSONB, value), TypeTag.of(type));
      case UUID -> cast(() -> call(Internal.UUID, value), TypeTag.of(type));
      case MACADDR -> cast(() -> call(Internal.MACADDR, value), TypeTag.of(type));
      case BYTEA -> call(Internal.BYTES, value);
      case INTERVAL -> cast(() -> call(Internal.INTERVAL, value), TypeTag.of(type));
      case NUMERIC -> numeric(() -> write(value));
      case REGCLASS, REGTYPE, REGNAMESPACE, REGROLE -> {
        String input = Internal.input(type).orElseThrow();
        cast(() -> call(input, value), TypeTag.of(type));
      }
      default -> {
        if (type.isArray()) {
          cast(() -> call(Internal.ARRAY, value), TypeTag.of(type));
        } else {
          cast(() -> write(value), TypeTag.of(type));
        }
      }
    }
    return builder;
  }

  private void call(String function, String parameter) {
    open(function);
    write("CAST(" + parameter + " AS VARCHAR))");
  }

  /// Of two sides of an operator, one that is a parameter has the type of the other.
  private void noteSides(Expression a, Expression b) {
    types.parameters().note(a, types.of(b));
    types.parameters().note(b, types.of(a));
  }

  /// Those of several of which one is the result have a type together.
  private void noteAlike(List<? extends Expression> alike) {
    Optional<SqlType> all = NumberTypes.union(alike.stream().map(types::of).toList());
    if (alike.stream().allMatch(e -> e instanceof JdbcParameter || e instanceof NullValue)) {
      all = all.or(() -> Optional.of(SqlType.TEXT));
    }
    noteAlike(alike, all);
  }

  private void noteAlike(List<? extends Expression> alike, Optional<SqlType> all) {
    alike.forEach(each -> types.parameters().note(each, all));
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
          case LIKE, SIMILAR_TO -> false;
          case ILIKE -> true;
          default -> throw new UnsupportedOperationException(like.getLikeKeyWord().toString());
        };
    if (like.getRightExpression() instanceof Function any
        && Set.of("any", "some", "all").contains(StaticTypes.last(any.getName()))) {
      likeEach(like, any);
      return builder;
    }
    write(like.isNot() ? "(NOT " : "");
    String function =
        like.getLikeKeyWord() == LikeExpression.KeyWord.SIMILAR_TO
            ? Internal.SIMILAR
            : ignoringCase ? Internal.ILIKE : Internal.LIKE;
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
    List<? extends Expression> arguments = Arguments.of(any);
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
    if (expression instanceof AndExpression || expression instanceof OrExpression) {
      types.parameters().note(expression.getLeftExpression(), Optional.of(SqlType.BOOL));
      types.parameters().note(expression.getRightExpression(), Optional.of(SqlType.BOOL));
    } else {
      Operands.note(expression, types);
    }
    if (!Arithmetic.write(expression, types, this)) {
      super.deparse(expression, operator, context);
    }
  }

  /// Comparisons.
  @Override
  public <S> StringBuilder deparse(
      OldOracleJoinBinaryExpression expression, String operator, S context) {
    noteSides(expression.getLeftExpression(), expression.getRightExpression());
    if (expression.getRightExpression() instanceof Function any) {
      arrayOf(expression.getLeftExpression(), any);
    }
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
    Optional<SqlType> named =
        types.of(expression.getLeftExpression()).filter(t -> Internal.input(t).isPresent());
    if (named.isPresent() && expression.getRightExpression() instanceof StringValue text) {
      write(expression.getLeftExpression());
      write(operator);
      cast(text, named.get(), "");
      return builder;
    }
    Optional<SqlType> array =
        types.of(expression.getLeftExpression()).filter(type -> type.element().isPresent());
    if (array.isPresent() && expression.getRightExpression() instanceof StringValue text) {
      write(expression.getLeftExpression());
      write(operator);
      cast(() -> call(Internal.ARRAY, text), TypeTag.of(array.get()));
      return builder;
    }
    return super.deparse(expression, operator, context);
  }

  /// `x = ANY ('{a,b}')`, `x = ANY ($1)`: an array of what `x` is.
  private void arrayOf(Expression element, Function any) {
    boolean isAny = Set.of("any", "some", "all").contains(StaticTypes.last(any.getName()));
    if (!isAny || any.getParameters() == null || any.getParameters().size() != 1) {
      return;
    }
    Optional<SqlType> type =
        types.of(element).or(() -> Optional.of(SqlType.TEXT)).flatMap(SqlType::array);
    Expression array = any.getParameters().getFirst();
    types.parameters().note(array, type);
    if (type.isPresent() && (array instanceof StringValue || types.is(array, SqlType.TEXT))) {
      any.setParameters(new CastExpression("CAST", array, TypeNames.of(type.get())));
    }
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
  void lsn(Expression expression) {
    if (expression instanceof StringValue) {
      cast(() -> call(Internal.LSN_PARSE, expression), TypeTag.of(SqlType.PG_LSN));
    } else if (expression instanceof JdbcParameter parameter) {
      types.parameters().note(parameter, Optional.of(SqlType.PG_LSN));
      if (types.is(parameter, SqlType.TEXT)) {
        cast(() -> call(Internal.LSN_PARSE, expression), TypeTag.of(SqlType.PG_LSN));
      } else {
        write(expression);
      }
    } else {
      write(expression);
    }
  }

  @Override
  public <S> StringBuilder visit(NotExpression not, S context) {
    types.parameters().note(not.getExpression(), Optional.of(SqlType.BOOL));
    return super.visit(not, context);
  }

  @Override
  public <S> StringBuilder visit(Between between, S context) {
    noteAlike(
        List.of(
            between.getLeftExpression(),
            between.getBetweenExpressionStart(),
            between.getBetweenExpressionEnd()));
    return super.visit(between, context);
  }

  @Override
  public <S> StringBuilder visit(InExpression in, S context) {
    if (in.getRightExpression() instanceof ExpressionList<?> list) {
      var all = new ArrayList<Expression>(list);
      all.add(in.getLeftExpression());
      noteAlike(all);
    }
    return super.visit(in, context);
  }

  @Override
  public <S> StringBuilder visit(Concat concat, S context) {
    if (types.is(concat.getLeftExpression(), SqlType.JSONB)
        || types.is(concat.getRightExpression(), SqlType.JSONB)) {
      throw new UnsupportedOperationException("|| of jsonb");
    }
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

  /// Exponentiation, to PostgreSQL.
  @Override
  public <S> StringBuilder visit(BitwiseXor power, S context) {
    if (!Arithmetic.write(power, types, this)) {
      write("POWER(");
      write(power.getLeftExpression());
      write(", ");
      write(power.getRightExpression());
      write(")");
    }
    return builder;
  }

  /// The engine gives the rest the divisor's type.
  @Override
  public <S> StringBuilder visit(Modulo modulo, S context) {
    Optional<SqlType> result = types.of(modulo).filter(NumberTypes::isInteger);
    if (result.isPresent() && !types.is(modulo.getRightExpression(), result.get())) {
      cast(() -> super.visit(modulo, context), TypeTag.of(result.get()));
      return builder;
    }
    return super.visit(modulo, context);
  }

  /// With the digits that are written, and without an exponent.
  @Override
  public <S> StringBuilder visit(DoubleValue number, S context) {
    String text = number.toString();
    if (text.chars().allMatch(c -> c == '.' || Character.isDigit(c))) {
      write(text.startsWith(".") ? "0" + text : text.endsWith(".") ? text + "0" : text);
    } else {
      call(Internal.NUMERIC, new StringValue(text));
    }
    return builder;
  }

  @Override
  public <S> StringBuilder visit(CollateExpression collate, S context) {
    write(collate.getLeftExpression());
    return builder;
  }

  @Override
  public <S> StringBuilder visit(JsonExpression json, S context) {
    Json.write(json, types, this);
    return builder;
  }

  @Override
  public <S> StringBuilder visit(JsonOperator operator, S context) {
    Json.write(operator, types, this);
    return builder;
  }

  /// `ARRAY[1, 2] && ARRAY[2]`
  @Override
  public <S> StringBuilder visit(DoubleAnd overlap, S context) {
    call(Internal.ARRAY_OVERLAPS, overlap.getLeftExpression(), overlap.getRightExpression());
    return builder;
  }

  /// A query without parentheses of its own: it writes its WITH itself, which the deparser would
  /// write once more.
  @Override
  public <S> StringBuilder visit(Select select, S context) {
    select.accept(getSelectVisitor(), context);
    return builder;
  }

  /// Numbers of which one is numeric keep the digits of their own: in an array of the engine's all
  /// would have as many.
  @Override
  public <S> StringBuilder visit(ArrayConstructor array, S context) {
    if (!types.is(array, SqlType.NUMERIC_ARRAY)) {
      return super.visit(array, context);
    }
    String between = "ARRAY[";
    for (Expression element : array.getExpressions()) {
      write(between);
      cast(() -> numberText(element), TypeTag.ofText(SqlType.NUMERIC));
      between = ", ";
    }
    write("]");
    return builder;
  }

  private void numberText(Expression number) {
    open(Internal.OUTPUT);
    numeric(() -> write(number));
    write(")");
  }

  /// `timestamptz '2026-11-24 10:00:00+00'`: the engine knows the others by their names.
  @Override
  public <S> StringBuilder visit(DateTimeLiteralExpression time, S context) {
    Optional<SqlType> type = types.of(time);
    if (type.isEmpty()) {
      return super.visit(time, context);
    }
    cast(() -> write(time.getValue()), TypeTag.of(type.get()));
    return builder;
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
    List<WhenClause> possible =
        choice.getWhenClauses().stream()
            .filter(when -> !StaticTypes.isNeverTrue(when.getWhenExpression()))
            .toList();
    if (possible.isEmpty()) {
      cast(
          () ->
              write(
                  choice.getElseExpression() == null
                      ? new NullValue()
                      : choice.getElseExpression()),
          TypeTag.of(types.of(choice).orElse(SqlType.TEXT)));
      return builder;
    }
    choice.setWhenClauses(new ArrayList<>(possible));
    var results = new ArrayList<Expression>();
    for (WhenClause when : choice.getWhenClauses()) {
      types.parameters().note(when.getWhenExpression(), Optional.of(SqlType.BOOL));
      results.add(when.getThenExpression());
    }
    if (choice.getElseExpression() != null) {
      results.add(choice.getElseExpression());
    }
    noteAlike(results);
    return super.visit(choice, context);
  }

  // Casts

  @Override
  public <S> StringBuilder visit(CastExpression cast, S context) {
    String written = cast.getColDataType().toString();
    String bare = TypeNames.bare(written);
    Expression value = cast.getLeftExpression();
    Optional<SqlType> type = TypeNames.find(written);
    types.parameters().note(value, type);
    if (value instanceof JdbcParameter && type.isPresent() && types.is(value, type.get())) {
      write(value);
    } else if (isBits(value)) {
      cast(
          () -> call(Internal.HEX, ((CastExpression) value).getLeftExpression()),
          TypeTag.of(type.orElse(SqlType.INT8)));
    } else if (type.isEmpty()) {
      throw new UnsupportedOperationException("type \"" + bare + "\"");
    } else {
      cast(value, type.get(), written);
    }
    return builder;
  }

  /// `('x' || hex)::bit(32)`, which is how a number is read in hexadecimal.
  private static boolean isBits(Expression value) {
    return value instanceof CastExpression inner
        && TypeNames.bare(inner.getColDataType().toString()).equals("bit");
  }

  private void cast(Expression value, SqlType type, String written) {
    boolean text = value instanceof StringValue || types.is(value, SqlType.TEXT);
    switch (type) {
      case TEXT -> text(value);
      case REGCLASS, REGTYPE, REGNAMESPACE, REGROLE -> {
        // A name is looked up, a number is one.
        String input = Internal.input(type).orElseThrow();
        boolean name = text || types.is(value, SqlType.NAME);
        cast(
            () -> {
              if (name) {
                call(input, value);
              } else {
                write(value);
              }
            },
            TypeTag.of(type));
      }
      case UUID, MACADDR ->
          cast(
              () -> {
                open(type == SqlType.UUID ? Internal.UUID : Internal.MACADDR);
                text(value);
                write(")");
              },
              TypeTag.of(type));
      case VARCHAR -> cast(() -> shortened(value, written), TypeTag.of(type));
      case BPCHAR -> cast(() -> padded(value, written), TypeTag.of(type));
      case JSON, JSONB ->
          cast(
              () -> {
                open(type == SqlType.JSON ? Internal.JSON : Internal.JSONB);
                text(value);
                write(")");
              },
              TypeTag.of(type));
      case BYTEA -> {
        if (text) {
          call(Internal.BYTES, value);
        } else {
          cast(() -> write(value), TypeTag.of(type));
        }
      }
      case PG_LSN -> lsn(value);
      case NAME, INET, CIDR, CHAR, REGPROC -> cast(() -> text(value), TypeTag.of(type));
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
                if (text) {
                  call(Internal.INTERVAL, value);
                } else {
                  write(value);
                }
              },
              TypeTag.of(type));
      case NUMERIC ->
          numeric(() -> {
            write(value);
            write(precision(written));
          });
      default -> {
        if (text && type.isArray()) {
          cast(() -> call(Internal.ARRAY, value), TypeTag.of(type));
        } else {
          cast(() -> write(value), TypeTag.of(type));
        }
      }
    }
  }

  /// `varchar(3)`
  private void shortened(Expression value, String written) {
    String length = precision(written).replaceFirst(", (\\d+).*", "$1");
    write(length.isEmpty() ? "" : "LEFT(");
    text(value);
    write(length.isEmpty() ? "" : ", " + length + ")");
  }

  /// `char(3)`
  private void padded(Expression value, String written) {
    String length = precision(written).replaceFirst(", (\\d+).*", "$1");
    write("\"pg_catalog\"." + Identifiers.quote(SqlFunction.PREFIX + "rpad") + "(");
    text(value);
    write(", " + (length.isEmpty() ? "1" : length) + ")");
  }

  /// `, 10, 2` of `numeric(10, 2)`
  private static String precision(String written) {
    var digits = written.replaceAll("[^0-9,]", "").split(",");
    return digits[0].isEmpty()
        ? ""
        : ", " + digits[0] + ", " + (digits.length > 1 ? digits[1] : "0");
  }

  /// The value as a text.
  void text(Expression value) {
    if (value instanceof StringValue) {
      write(value);
    } else if (types.is(value, SqlType.PG_LSN)) {
      call(Internal.LSN_FORMAT, value);
    } else if (types.is(value, SqlType.INET)) {
      call(Internal.INET_FORMAT, value);
    } else if (value instanceof JdbcParameter && types.of(value).isEmpty()) {
      types.parameters().note(value, Optional.of(SqlType.TEXT));
      cast(() -> write(value), "VARCHAR");
    } else if (types.of(value).flatMap(Internal::output).isPresent()) {
      call(types.of(value).flatMap(Internal::output).get(), value);
    } else {
      call(Internal.TEXT, value);
    }
  }
}
