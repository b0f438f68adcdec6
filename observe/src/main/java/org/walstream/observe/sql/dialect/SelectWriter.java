package org.walstream.observe.sql.dialect;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.LateralSubSelect;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SelectVisitor;
import net.sf.jsqlparser.statement.select.TableFunction;
import net.sf.jsqlparser.statement.select.WithItem;
import net.sf.jsqlparser.util.deparser.SelectDeParser;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.observe.sql.dialect.Scope.Typed;
import org.walstream.observe.sql.function.Functions;
import org.walstream.observe.sql.function.Functions.Internal;
import org.walstream.observe.sql.function.SqlFunction;
import org.walstream.send.SqlType;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Writes SELECT for the engine: every name quoted, every column named.
final class SelectWriter extends SelectDeParser {

  private static final Set<String> NEVER_SET =
      Set.of("reloptions", "attoptions", "attfdwoptions", "spcoptions", "rolconfig", "setconfig");

  private final ExpressionWriter expressions;
  private final StaticTypes types;
  private final Catalog catalog;
  private final Set<String> withItems = new HashSet<>();
  private int depth;

  SelectWriter(ExpressionWriter expressions, StaticTypes types, Catalog catalog) {
    super(expressions, expressions.getBuilder());
    this.expressions = expressions;
    this.types = types;
    this.catalog = catalog;
    expressions.setSelectVisitor(this);
  }

  @Override
  public <S> StringBuilder visit(PlainSelect select, S context) {
    if (select.getForMode() != null || select.getIntoTables() != null) {
      throw new ReadOnlyException(
          select.getForMode() == null
              ? "SELECT INTO"
              : "SELECT FOR " + select.getForMode().getValue());
    }
    Optional<String> groupingSets = GroupingSets.written(select);
    if (groupingSets.isPresent()) {
      builder.append("(");
      Fragments.query(groupingSets.get()).accept((SelectVisitor<StringBuilder>) this, context);
      return builder.append(")");
    }
    depth++;
    noteLimits(select);
    SetReturning.adapt(select);
    types.enter(select);
    var joins = new Joins(catalog, types);
    if (select.getJoins() != null) {
      joins.adapt(select);
    }
    nameColumns(select);
    writeOutNumbers(select);
    lookAtEachRow(select);
    Map<String, List<String>> around = expressions.join(joins.merged());
    Map<String, String> aroundLaterals = expressions.laterals(joins.writtenOut());
    super.visit(select, context);
    expressions.leaveLaterals(aroundLaterals);
    expressions.join(around);
    types.leave();
    depth--;
    return builder;
  }

  /// `LIMIT $1 OFFSET $2`
  private void noteLimits(Select select) {
    var number = Optional.of(SqlType.INT8);
    if (select.getLimit() != null) {
      types.parameters().note(select.getLimit().getRowCount(), number);
    }
    if (select.getOffset() != null) {
      types.parameters().note(select.getOffset().getOffset(), number);
    }
    if (select.getFetch() != null) {
      types.parameters().note(select.getFetch().getExpression(), number);
    }
  }

  /// `GROUP BY 1`: the engine takes numbers of columns for numbers, unless it knows the column.
  private static void writeOutNumbers(PlainSelect select) {
    if (select.getGroupBy() == null) {
      return;
    }
    ExpressionList<Expression> groups = select.getGroupBy().getGroupByExpressionList();
    for (int i = 0; groups != null && i < groups.size(); i++) {
      if (groups.get(i) instanceof LongValue number
          && number.getValue() >= 1
          && number.getValue() <= select.getSelectItems().size()) {
        groups.set(i, select.getSelectItem((int) number.getValue() - 1).getExpression());
      }
    }
  }

  /// `WHERE go_on() AND (…)`: before a row is made, or gathered for sorting or for an aggregate,
  /// the query is asked whether it may go on. The engine itself looks only now and then, and never
  /// at memory.
  private static void lookAtEachRow(PlainSelect select) {
    var goOn = new Function().withName("\"" + Internal.GO_ON + "\"");
    select.setWhere(
        select.getWhere() == null
            ? goOn
            : new AndExpression(goOn, new ParenthesedExpressionList<>(select.getWhere())));
  }

  private void nameColumns(PlainSelect select) {
    var names = new HashSet<String>();
    for (SelectItem<?> item : select.getSelectItems()) {
      Expression expression = item.getExpression();
      if (expression instanceof AllColumns || expression instanceof AllTableColumns) {
        continue;
      }
      String name = ColumnNames.of(item);
      types.name(name, expression);
      if (depth == 1 || names.add(name)) { // no two of a name in what is selected from
        item.setAlias(new Alias(Identifiers.quote(name), true));
      } else {
        item.setAlias(null);
      }
    }
  }

  @Override
  public <S> StringBuilder visit(Table table, S context) {
    String name = Identifiers.name(table.getName());
    Optional<String> schema = Optional.ofNullable(table.getSchemaName()).map(Identifiers::name);
    Optional<Relation> found =
        catalog.relation(schema, name).filter(_ -> schema.isPresent() || !withItems.contains(name));
    if (found.isEmpty() && schema.isPresent()) { // the engine has schemas of its own
      throw new RefusedQueryException(
          ServerError.error(
              SqlState.UNDEFINED_TABLE,
              "relation \"%s.%s\" does not exist".formatted(schema.get(), name)),
          schema.get() + "." + name);
    }
    found.ifPresent(
        relation -> builder.append(Identifiers.quote(relation.engineSchema())).append("."));
    builder.append(Identifiers.quote(name));
    alias(table.getAlias(), name);
    return builder;
  }

  private void alias(@org.jspecify.annotations.Nullable Alias alias, String otherwise) {
    builder
        .append(" AS ")
        .append(
            alias == null ? Identifiers.quote(otherwise) : Identifiers.requoted(alias.getName()));
    if (alias != null && alias.getAliasColumns() != null) {
      builder
          .append("(")
          .append(
              String.join(
                  ", ",
                  alias.getAliasColumns().stream()
                      .map(column -> Identifiers.requoted(column.name))
                      .toList()))
          .append(")");
    }
  }

  /// `f(x)`, `f(x) AS t`, `f(x) AS t(a, b)`. What is selected from a function with one column and
  /// no names for its columns is called as the table.
  @Override
  public <S> StringBuilder visit(TableFunction from, S context) {
    Function function = from.getFunction();
    String name = StaticTypes.last(function.getName());
    Optional<SqlFunction> ours = Functions.find(name);
    List<? extends Expression> arguments = Arguments.of(function);
    String table = from.getAlias() == null ? name : Identifiers.name(from.getAlias().getName());
    if (arguments.stream().anyMatch(this::dependsOnNothing)) {
      builder.append("(SELECT CAST(NULL AS INTEGER) FROM DUAL WHERE FALSE)");
    } else if (ViewFunctions.find(name).isPresent()) {
      var view = ViewFunctions.find(name).get();
      builder
          .append("(SELECT ")
          .append(
              view.columns().isEmpty()
                  ? "*"
                  : String.join(", ", view.columns().stream().map(Identifiers::quote).toList()))
          .append(" FROM \"pg_catalog\".")
          .append(Identifiers.quote(view.view()))
          .append(")");
      alias(from.getAlias(), name);
      return builder;
    } else if (ours.isPresent() && ours.get().returnsTable()) {
      expressions.table(ours.get(), arguments);
      if (ours.get().columns().size() > 1
          || (from.getAlias() != null && from.getAlias().getAliasColumns() != null)) {
        alias(from.getAlias(), name);
        return builder;
      }
    } else if (name.equals("unnest")) {
      unnest(arguments.getFirst());
      if (from.getAlias() != null && from.getAlias().getAliasColumns() != null) {
        alias(from.getAlias(), name);
        return builder;
      }
    } else {
      builder.append("(SELECT ");
      function.accept(expressions, null);
      builder.append(" AS ").append(Identifiers.quote(table)).append(")");
    }
    String quoted = Identifiers.quote(table);
    builder.append(" AS ").append(quoted).append("(").append(quoted).append(")");
    return builder;
  }

  /// The engine cannot let a function depend on the rows of the query around it. It need not where
  /// there never are any.
  private boolean dependsOnNothing(Expression argument) {
    return switch (argument) {
      case Function function ->
          function.getParameters() != null
              && function.getParameters().stream().anyMatch(this::dependsOnNothing);
      case CastExpression cast -> dependsOnNothing(cast.getLeftExpression());
      default -> types.neverThere(argument);
    };
  }

  /// The engine cannot unnest a column of the query around it. Those that psql asks for are never
  /// set here.
  private void unnest(Expression array) {
    boolean neverSet =
        array instanceof Column column
            && NEVER_SET.contains(Identifiers.name(column.getColumnName()));
    builder.append("UNNEST(");
    if (neverSet) {
      builder.append("CAST(NULL AS VARCHAR ARRAY)");
    } else {
      array.accept(expressions, null);
    }
    builder.append(")");
  }

  @Override
  public <S> StringBuilder visit(ParenthesedSelect select, S context) {
    Alias alias = select.getAlias();
    select.setAlias(null);
    super.visit(select, context);
    if (alias != null) {
      alias(alias, "");
    }
    return builder;
  }

  /// What does not refer to what stands before it needs no LATERAL; the engine knows none.
  @Override
  public <S> StringBuilder visit(LateralSubSelect select, S context) {
    return visit((ParenthesedSelect) select, context);
  }

  @Override
  public <S> StringBuilder visit(WithItem<?> item, S context) {
    withItems.add(Identifiers.name(item.getAliasName()));
    types.with(item);
    item.getAlias().setName(Identifiers.requoted(item.getAliasName()));
    item.setMaterialized(false);
    if (item.isRecursive() && item.getWithItemList() == null) {
      item.setWithItemList(names(types.columnsOf(item)));
    }
    return super.visit(item, context);
  }

  /// The engine wants what is recursive to name its columns.
  private static List<SelectItem<?>> names(List<Typed> columns) {
    return columns.stream()
        .<SelectItem<?>>map(
            column -> new SelectItem<>(new Column(Identifiers.quote(column.name()))))
        .toList();
  }
}
