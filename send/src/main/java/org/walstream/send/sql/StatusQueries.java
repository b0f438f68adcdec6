package org.walstream.send.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.send.Answer;
import org.walstream.send.RowSet;
import org.walstream.send.RowSet.Column;
import org.walstream.send.guc.SessionParameters;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.store.WalStore;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Answers the questions that monitoring asks of a server of WAL, and no others:
///
/// ```
/// SELECT * FROM view;  SELECT column, … FROM view;  SELECT function(), …;  SHOW name;  SET name = value
/// ```
public final class StatusQueries implements QueryEngine {

  private final List<SystemView> views;
  private final Functions functions;

  public StatusQueries(
      WalStore store, ReplicationSlots slots, RetentionHorizon horizon, StatusSource source) {
    this.views =
        List.of(
            new ReplicationView(source),
            new WalReceiverView(source),
            new SlotsView(store, slots, horizon));
    this.functions = new Functions(store, source);
  }

  @Override
  public List<Answer> answer(String sql, SqlSession session) throws ServerError {
    var answers = new ArrayList<Answer>();
    for (Statement statement : StatementParser.parse(sql)) {
      answers.add(answer(statement, session));
    }
    return answers.isEmpty() ? List.of(new Answer.Nothing()) : answers;
  }

  private Answer answer(Statement statement, SqlSession session) throws ServerError {
    return switch (statement) {
      case Statement.SelectFrom select -> new Answer.Rows(selectFrom(select, session));
      case Statement.SelectValues(var values) -> new Answer.Rows(selectValues(values, session));
      case Statement.Show(String parameter) -> new Answer.Rows(show(parameter, session));
      case Statement.Set set -> {
        SessionStatements.set(set, session.parameters());
        yield new Answer.Done("SET");
      }
      case Statement.Reset(Optional<String> parameter, String tag) -> {
        SessionStatements.reset(parameter, session.parameters());
        yield new Answer.Done(tag);
      }
    };
  }

  private RowSet selectFrom(Statement.SelectFrom select, SqlSession session) throws ServerError {
    SystemView view =
        views.stream()
            .filter(v -> v.name().equals(select.view()))
            .findFirst()
            .orElseThrow(StatementParser::unsupported);
    List<Integer> wanted = positions(view, select.columns());
    var rows = new ArrayList<List<@Nullable String>>();
    for (List<@Nullable String> row : view.rows(session)) {
      List<@Nullable String> values = new ArrayList<>();
      wanted.forEach(i -> values.add(row.get(i)));
      rows.add(values);
    }
    return new RowSet(
        wanted.stream().map(view.columns()::get).toList(), rows, "SELECT " + rows.size());
  }

  private static List<Integer> positions(SystemView view, List<String> names) throws ServerError {
    List<String> all = view.columns().stream().map(Column::name).toList();
    var positions = new ArrayList<Integer>();
    for (String name : names.isEmpty() ? all : names) {
      int position = all.indexOf(name);
      if (position < 0) {
        throw ServerError.error(
            SqlState.UNDEFINED_COLUMN, "column \"%s\" does not exist".formatted(name));
      }
      positions.add(position);
    }
    return positions;
  }

  private RowSet selectValues(List<Statement.Value> values, SqlSession session) throws ServerError {
    var columns = new ArrayList<Column>();
    List<@Nullable String> row = new ArrayList<>();
    for (Statement.Value value : values) {
      switch (value) {
        case Statement.Literal(String text, boolean number, String title) -> {
          columns.add(new Column(title, number ? RowSet.Type.INT4 : RowSet.Type.TEXT));
          row.add(text);
        }
        case Statement.Call(String function, var arguments, String title) -> {
          Functions.Result result = functions.call(function, arguments, session);
          columns.add(new Column(title, result.type()));
          row.add(result.value());
        }
      }
    }
    return RowSet.ofOneRow(columns, row, "SELECT 1");
  }

  private RowSet show(String parameter, SqlSession session) throws ServerError {
    String value = SessionStatements.show(parameter, session.parameters());
    var column = new Column(SessionParameters.properName(parameter), RowSet.Type.TEXT);
    return RowSet.ofOneRow(List.of(column), List.of(value), "SHOW");
  }
}
