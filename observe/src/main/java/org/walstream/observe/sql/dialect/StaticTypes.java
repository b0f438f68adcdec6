package org.walstream.observe.sql.dialect;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.ArrayConstructor;
import net.sf.jsqlparser.expression.ArrayExpression;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.BooleanValue;
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
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.RowGetExpression;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.TimeKeyExpression;
import net.sf.jsqlparser.expression.TimezoneExpression;
import net.sf.jsqlparser.expression.TrimFunction;
import net.sf.jsqlparser.expression.WhenClause;
import net.sf.jsqlparser.expression.operators.arithmetic.Concat;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.ComparisonOperator;
import net.sf.jsqlparser.expression.operators.relational.DoubleAnd;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ExistsExpression;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsBooleanExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.JsonOperator;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.expression.operators.relational.RegExpMatchOperator;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.ParenthesedFromItem;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.TableFunction;
import net.sf.jsqlparser.statement.select.Values;
import net.sf.jsqlparser.statement.select.WithItem;
import net.sf.jsqlparser.util.deparser.ExpressionDeParser;
import net.sf.jsqlparser.util.deparser.SelectDeParser;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.observe.sql.dialect.Scope.Typed;
import org.walstream.observe.sql.function.Functions;
import org.walstream.observe.sql.function.SqlFunction;
import org.walstream.observe.sql.view.SystemViews;
import org.walstream.send.RowSet;
import org.walstream.send.SqlType;

/// What type an expression has before the engine sees it. The engine knows types of its own and
/// what its own operators make of them; what PostgreSQL's would make (`date - date`, `sum(int8)`,
/// `1 / 2.0`) is decided here, so that it can be written in words that give the same.
///
/// Columns are looked up in the [Scope] of the SELECT they stand in. What is not known is left to
/// the engine.
final class StaticTypes {

  private final Catalog catalog;
  private final Set<Relation> relations;
  private final ParameterTypes parameters;
  private final Map<String, SqlType> aliases = new HashMap<>();
  private final Map<String, List<Typed>> withItems = new HashMap<>();
  private final Map<String, Integer> tableOids = new HashMap<>();
  private @Nullable Scope scope;

  StaticTypes(Catalog catalog, Set<Relation> relations, ParameterTypes parameters) {
    this.catalog = catalog;
    this.relations = relations;
    this.parameters = parameters;
  }

  /// The statement calls an expression so.
  void name(String alias, Expression expression) {
    of(expression).ifPresent(type -> aliases.putIfAbsent(alias, type));
  }

  ParameterTypes parameters() {
    return parameters;
  }

  boolean is(Expression expression, SqlType type) {
    return of(expression).filter(type::equals).isPresent();
  }

  /// Whether a column is of a relation that never has rows, so that nothing is ever made of it.
  boolean neverThere(Expression expression) {
    return expression instanceof Column column
        && relations.stream()
            .filter(r -> r.column(Identifiers.name(column.getColumnName())).isPresent())
            .findFirst()
            .filter(r -> !SystemViews.hasRows(r.name()))
            .isPresent();
  }

  /// Whether a condition holds for no row that there can be: a node has no domains. What drivers
  /// ask of a domain is a query that the engine cannot even read where it stands.
  static boolean isNeverTrue(Expression condition) {
    return condition instanceof EqualsTo equal
        && equal.getLeftExpression() instanceof Column column
        && Identifiers.name(column.getColumnName()).equals("typtype")
        && equal.getRightExpression() instanceof StringValue kind
        && kind.getValue().equals("d");
  }

  // Expressions

  Optional<SqlType> of(Expression expression) {
    return switch (expression) {
      case Column column -> column(column);
      case JdbcParameter parameter -> parameters.of(parameter);
      case LongValue number -> Optional.of(integer(number.getBigIntegerValue()));
      case DoubleValue _ -> Optional.of(SqlType.NUMERIC);
      case StringValue _ -> Optional.of(SqlType.TEXT);
      case BooleanValue _ -> Optional.of(SqlType.BOOL);
      case IntervalExpression _ -> Optional.of(SqlType.INTERVAL);
      case DateTimeLiteralExpression time -> literal(time);
      case TimeKeyExpression time -> timeKey(time);
      case SignedExpression signed -> of(signed.getExpression());
      case CollateExpression collate -> of(collate.getLeftExpression());
      case CastExpression cast -> TypeNames.find(cast.getColDataType().toString());
      case Function function -> function(function);
      case AnalyticExpression analytic ->
          FunctionTypes.of(
              last(analytic.getName()),
              analytic.getExpression() == null ? List.of() : List.of(of(analytic.getExpression())));
      case JsonExpression json ->
          Optional.of(
              Json.isText(json) ? SqlType.TEXT : of(json.getExpression()).orElse(SqlType.JSON));
      case JsonOperator _, DoubleAnd _ -> Optional.of(SqlType.BOOL);
      case ExtractExpression _ -> Optional.of(SqlType.NUMERIC);
      case TrimFunction _, Concat _ ->
          expression instanceof Concat concat ? concat(concat) : Optional.of(SqlType.TEXT);
      case TimezoneExpression zoned -> atTimeZone(zoned);
      case CaseExpression choice -> choice(choice);
      case ArrayExpression element -> of(element.getObjExpression()).flatMap(SqlType::element);
      case RowGetExpression field -> field(field);
      case ParenthesedSelect select -> columns(select).stream().findFirst().flatMap(Typed::type);
      case ParenthesedExpressionList<?> list ->
          list.size() == 1 ? of(list.getFirst()) : Optional.empty();
      case ComparisonOperator _,
          AndExpression _,
          OrExpression _,
          NotExpression _,
          LikeExpression _,
          RegExpMatchOperator _,
          InExpression _,
          ExistsExpression _,
          IsNullExpression _,
          IsBooleanExpression _ ->
          Optional.of(SqlType.BOOL);
      case BinaryExpression binary ->
          Arithmetic.result(
              binary, of(binary.getLeftExpression()), of(binary.getRightExpression()));
      case ArrayConstructor array ->
          NumberTypes.union(array.getExpressions().stream().map(this::of).toList())
              .flatMap(SqlType::array);
      default -> Optional.empty();
    };
  }

  private static SqlType integer(BigInteger number) {
    int bits = number.bitLength();
    return bits < Integer.SIZE ? SqlType.INT4 : bits < Long.SIZE ? SqlType.INT8 : SqlType.NUMERIC;
  }

  private static Optional<SqlType> literal(DateTimeLiteralExpression time) {
    return switch (time.getType()) {
      case DATE -> Optional.of(SqlType.DATE);
      case TIME -> Optional.of(SqlType.TIME);
      case TIMESTAMP, DATETIME -> Optional.of(SqlType.TIMESTAMP);
      case TIMESTAMPTZ -> Optional.of(SqlType.TIMESTAMPTZ);
      default -> Optional.empty();
    };
  }

  private static Optional<SqlType> timeKey(TimeKeyExpression time) {
    return switch (last(time.getStringValue().replace("()", ""))) {
      case "current_timestamp" -> Optional.of(SqlType.TIMESTAMPTZ);
      case "current_date" -> Optional.of(SqlType.DATE);
      case "localtimestamp" -> Optional.of(SqlType.TIMESTAMP);
      default -> Optional.empty();
    };
  }

  private Optional<SqlType> concat(Concat concat) {
    return Stream.of(concat.getLeftExpression(), concat.getRightExpression())
        .flatMap(side -> of(side).stream())
        .filter(type -> type.element().isPresent())
        .findFirst()
        .or(() -> Optional.of(SqlType.TEXT));
  }

  /// Of `time AT TIME ZONE a AT TIME ZONE b` the parser makes `time AT TIME ZONE (a AT TIME ZONE
  /// b)`.
  static List<Expression> zones(TimezoneExpression zoned) {
    var zones = new ArrayList<Expression>();
    for (Expression zone : zoned.getTimezoneExpressions()) {
      if (zone instanceof TimezoneExpression next) {
        zones.add(next.getLeftExpression());
        zones.addAll(zones(next));
      } else {
        zones.add(zone);
      }
    }
    return zones;
  }

  private Optional<SqlType> atTimeZone(TimezoneExpression zoned) {
    Optional<SqlType> type = of(zoned.getLeftExpression());
    for (var _ : zones(zoned)) {
      type =
          type.map(before -> before == SqlType.TIMESTAMP ? SqlType.TIMESTAMPTZ : SqlType.TIMESTAMP);
    }
    return type;
  }

  private Optional<SqlType> choice(CaseExpression choice) {
    var branches = new ArrayList<Optional<SqlType>>();
    for (WhenClause when : choice.getWhenClauses()) {
      branches.add(of(when.getThenExpression()));
    }
    if (choice.getElseExpression() != null) {
      branches.add(of(choice.getElseExpression()));
    }
    return NumberTypes.union(branches);
  }

  /// `(pg_control_system()).system_identifier`
  private Optional<SqlType> field(RowGetExpression field) {
    Expression of = field.getExpression();
    while (of instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
      of = list.getFirst();
    }
    String name = Identifiers.name(field.getColumnName());
    return of instanceof Function function
        ? Functions.find(last(function.getName()))
            .flatMap(f -> f.columns().stream().filter(c -> c.name().equals(name)).findFirst())
            .map(RowSet.Column::type)
        : Optional.empty();
  }

  private Optional<SqlType> function(Function function) {
    List<? extends Expression> arguments = Arguments.of(function);
    return FunctionTypes.of(
        last(function.getName()),
        arguments.stream().map(argument -> of((Expression) argument)).toList());
  }

  private Optional<SqlType> column(Column column) {
    String name = Identifiers.name(column.getColumnName());
    boolean bare = column.getTable() == null || column.getTable().getName() == null;
    Optional<Typed> found =
        scope == null
            ? Optional.empty()
            : bare
                ? scope.column(name)
                : scope.column(Identifiers.name(column.getTable().getName()), name);
    Optional<SqlType> type = found.isPresent() ? found.get().type() : elsewhere(name, bare);
    return column.getArrayConstructor() == null ? type : type.flatMap(SqlType::element);
  }

  private Optional<SqlType> elsewhere(String name, boolean bare) {
    for (Relation relation : relations) {
      Optional<RowSet.Column> column = relation.column(name);
      if (column.isPresent()) {
        return column.map(RowSet.Column::type);
      }
    }
    return Optional.ofNullable(aliases.get(name))
        .or(() ->
            Functions.find(name).filter(f -> bare && !f.returnsTable()).map(SqlFunction::returns));
  }

  /// The text of `expression`, in which columns of `item` have its name before theirs.
  String qualified(Expression expression, FromItem item) {
    String table = Fragments.name(item);
    var own = new Scope(null);
    add(own, item);
    var writer =
        new ExpressionDeParser() {
          @Override
          public <S> StringBuilder visit(Column column, S context) {
            boolean bare = column.getTable() == null || column.getTable().getName() == null;
            return bare && own.column(Identifiers.name(column.getColumnName())).isPresent()
                ? builder.append(Identifiers.quote(table)).append(".").append(column)
                : super.visit(column, context);
          }
        };
    writer.setSelectVisitor(new SelectDeParser(writer, writer.getBuilder()));
    return expression.accept(writer, null).toString();
  }

  // Queries

  /// From here on columns are those of `select`.
  void enter(PlainSelect select) {
    var entered = new Scope(scope);
    scope = entered;
    if (select.getFromItem() != null) {
      add(entered, select.getFromItem());
    }
    if (select.getJoins() != null) {
      select.getJoins().forEach(join -> add(entered, join.getFromItem()));
    }
  }

  /// From here on columns are those of the query around it.
  void leave() {
    scope = requireNonNull(scope).around();
  }

  /// `WITH name AS (…)`
  void with(WithItem<?> item) {
    if (item.getParenthesedStatement() instanceof ParenthesedSelect select) {
      String name = Identifiers.name(item.getAliasName());
      var names =
          item.getWithItemList() == null
              ? List.<String>of()
              : item.getWithItemList().stream().map(ColumnNames::of).toList();
      if (item.isRecursive() && select.getSelect() instanceof SetOperationList list) {
        withItems.put(name, named(columns(list.getSelect(0)), names));
      }
      withItems.put(name, named(columns(select.getSelect()), names));
    }
  }

  /// The columns of what [#with] has been told of.
  List<Typed> columnsOf(WithItem<?> item) {
    return withItems.getOrDefault(Identifiers.name(item.getAliasName()), List.of());
  }

  private void add(Scope into, FromItem item) {
    if (item instanceof ParenthesedFromItem joined && item.getAlias() == null) {
      add(into, joined.getFromItem());
      List<Join> joins = joined.getJoins() == null ? List.of() : joined.getJoins();
      joins.forEach(join -> add(into, join.getFromItem()));
      return;
    }
    Alias alias = item.getAlias();
    List<String> names =
        alias == null || alias.getAliasColumns() == null
            ? List.of()
            : alias.getAliasColumns().stream().map(c -> Identifiers.name(c.name)).toList();
    if (item instanceof Table table) {
      Optional<String> schema = Optional.ofNullable(table.getSchemaName()).map(Identifiers::name);
      catalog
          .relation(schema, Identifiers.name(table.getName()))
          .ifPresent(relation -> tableOids.put(Fragments.name(item), relation.oid()));
    }
    into.add(Fragments.name(item), named(columns(item), names));
  }

  /// What `table.tableoid` is: no column that `*` shows, but one of every relation.
  Optional<Integer> tableOid(Column column) {
    boolean wanted = Identifiers.name(column.getColumnName()).equals("tableoid");
    if (!wanted || column.getTable() == null || column.getTable().getName() == null) {
      return wanted && tableOids.size() == 1
          ? tableOids.values().stream().findFirst()
          : Optional.empty();
    }
    return Optional.ofNullable(tableOids.get(Identifiers.name(column.getTable().getName())));
  }

  private static List<Typed> named(List<Typed> columns, List<String> names) {
    var renamed = new ArrayList<Typed>();
    for (int i = 0; i < Math.max(columns.size(), names.size()); i++) {
      Typed column = i < columns.size() ? columns.get(i) : new Typed("", Optional.empty());
      renamed.add(i < names.size() ? new Typed(names.get(i), column.type()) : column);
    }
    return renamed;
  }

  private List<Typed> columns(FromItem item) {
    return switch (item) {
      case Table table -> columns(table);
      case Select select -> columns(select);
      case TableFunction function -> columns(function);
      case ParenthesedFromItem inner -> columns(inner.getFromItem());
      default -> List.of();
    };
  }

  private List<Typed> columns(Table table) {
    String name = Identifiers.name(table.getName());
    Optional<String> schema = Optional.ofNullable(table.getSchemaName()).map(Identifiers::name);
    List<Typed> withItem = withItems.get(name);
    if (schema.isEmpty() && withItem != null) {
      return withItem;
    }
    return catalog.relation(schema, name).map(StaticTypes::columns).orElse(List.of());
  }

  private static List<Typed> columns(Relation relation) {
    return relation.columns().stream()
        .map(column -> new Typed(column.name(), Optional.of(column.type())))
        .toList();
  }

  private List<Typed> columns(TableFunction from) {
    Function function = from.getFunction();
    String name = last(function.getName());
    Optional<Relation> view = ViewFunctions.find(name).flatMap(f -> catalog.relation(f.view()));
    if (view.isPresent()) {
      return columns(view.get());
    }
    Optional<SqlFunction> ours = Functions.find(name).filter(f -> f.columns().size() > 1);
    if (ours.isPresent()) {
      return ours.get().columns().stream()
          .map(column -> new Typed(column.name(), Optional.of(column.type())))
          .toList();
    }
    String called = from.getAlias() == null ? name : Identifiers.name(from.getAlias().getName());
    return List.of(new Typed(called, function(function)));
  }

  /// The columns of what `row` stands for as a whole: `r` of `row_to_json(r)`.
  List<Typed> row(Expression row) {
    if (scope == null) {
      return List.of();
    }
    return switch (row) {
      case Column column
          when column.getTable() == null
              && scope.column(Identifiers.name(column.getColumnName())).isEmpty() ->
          scope.all(Identifiers.name(column.getColumnName()));
      case AllTableColumns all -> scope.all(Identifiers.name(all.getTable().getName()));
      default -> List.of();
    };
  }

  /// The columns that `select` returns.
  List<Typed> columns(Select select) {
    if (select.getWithItemsList() != null) {
      select.getWithItemsList().forEach(this::with);
    }
    return switch (select) {
      case PlainSelect plain -> columns(plain);
      case ParenthesedSelect inner -> columns(inner.getSelect());
      case SetOperationList list -> united(list.getSelects().stream().map(this::columns).toList());
      case Values values -> columns(values);
      default -> List.of();
    };
  }

  private List<Typed> columns(PlainSelect select) {
    enter(select);
    var columns = new ArrayList<Typed>();
    for (SelectItem<?> item : select.getSelectItems()) {
      switch (item.getExpression()) {
        case AllTableColumns all ->
            columns.addAll(requireNonNull(scope).all(Identifiers.name(all.getTable().getName())));
        case AllColumns _ -> columns.addAll(requireNonNull(scope).all());
        default -> columns.add(new Typed(ColumnNames.of(item), of(item.getExpression())));
      }
    }
    leave();
    return columns;
  }

  private List<Typed> columns(Values values) {
    var rows = new ArrayList<List<Typed>>();
    for (Expression row : values.getExpressions()) {
      List<? extends Expression> cells =
          row instanceof ExpressionList<?> list ? List.copyOf(list) : List.of(row);
      var columns = new ArrayList<Typed>();
      for (Expression cell : cells) {
        columns.add(new Typed("column" + (columns.size() + 1), of(cell)));
      }
      rows.add(columns);
    }
    return united(rows);
  }

  /// The columns of several queries whose rows come together.
  private static List<Typed> united(List<List<Typed>> queries) {
    var columns = new ArrayList<Typed>();
    for (int i = 0; i < queries.getFirst().size(); i++) {
      int at = i;
      columns.add(
          new Typed(
              queries.getFirst().get(i).name(),
              NumberTypes.union(
                  queries.stream()
                      .filter(query -> at < query.size())
                      .map(query -> query.get(at).type())
                      .toList())));
    }
    return columns;
  }

  static String last(String qualified) {
    return Identifiers.name(qualified.substring(qualified.lastIndexOf('.') + 1));
  }
}
