package org.walstream.send.sql;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.walstream.send.Answer;
import org.walstream.send.Prepared;
import org.walstream.send.RowSet;
import org.walstream.send.SqlType;
import org.walstream.send.guc.SessionParameters;
import org.walstream.send.server.CommandHandler;
import org.walstream.send.server.SessionReports;
import org.walstream.wire.SqlState;
import org.walstream.wire.message.CopyFormat;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;

/// One connection's SQL: what concerns the session is done here, queries go to the engine.
public final class SqlCommands implements CommandHandler {

  private static final String ALL_SETTINGS =
      "SELECT name, current_setting(name) AS setting, short_desc AS description FROM pg_settings"
          + " ORDER BY name";

  private final QueryEngine engine;
  private final SqlSession session;
  private final Runnable atEnd;
  private final Cursors cursors = new Cursors();

  /// @param atEnd what others are to let go of when the session has ended: its slots
  public SqlCommands(QueryEngine engine, SqlSession session, Runnable atEnd) {
    this.engine = engine;
    this.session = session;
    this.atEnd = atEnd;
  }

  /// Each statement is answered before the next is looked at, as long as none fails.
  @Override
  public void execute(String command, ServerConnection connection) throws IOException, ServerError {
    session.beginStatement();
    List<Statement> statements = StatementParser.parse(command);
    if (statements.isEmpty()) {
      new Answer.Nothing().send(connection);
    }
    for (Statement statement : statements) {
      Answer answer = prepare(statement, command, List.of()).run(List.of());
      SessionReports.sendNotices(session.parameters(), connection);
      answer.send(connection);
    }
  }

  @Override
  public Prepared prepare(String sql, List<Integer> parameterTypes) throws ServerError {
    session.beginStatement();
    List<Statement> statements = StatementParser.parse(sql);
    if (statements.size() > 1) {
      throw ServerError.error(
          SqlState.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
    }
    return statements.isEmpty()
        ? new Command(Optional.empty(), Answer.Nothing::new)
        : prepare(statements.getFirst(), sql, parameterTypes);
  }

  @Override
  public Optional<List<RowSet.Column>> cursor(String name) {
    return cursors.columnsIfThere(name);
  }

  @Override
  public byte transactionStatus() {
    return session.transaction().status();
  }

  @Override
  public void failed() {
    session.transaction().fail();
  }

  @Override
  public void cancel() {
    session.interrupts().cancel();
  }

  @Override
  public void terminate() {
    session.interrupts().terminate();
  }

  @Override
  public void betweenCommands(ServerConnection connection) throws IOException {
    if (!session.transaction().isOpen()) {
      session.listening().betweenTransactions(connection);
    }
  }

  /// Within a transaction nothing is notified.
  @Override
  public void idle() {
    if (!session.transaction().isOpen()) {
      session.listening().idle();
    }
  }

  @Override
  public void busy() {
    session.listening().busy();
  }

  @Override
  public void close() {
    atEnd.run();
    session.listening().close();
  }

  private interface Action {
    Answer run() throws ServerError;
  }

  /// A statement without parameters.
  private record Command(Optional<List<RowSet.Column>> columns, Action action) implements Prepared {
    @Override
    public List<Integer> parameterTypes() {
      return List.of();
    }

    @Override
    public Answer run(List<@Nullable String> parameters) throws ServerError {
      return action.run();
    }
  }

  /// A query, refused like everything else once the transaction has failed.
  private record Checked(Prepared query, Statement statement, TransactionBlock transaction)
      implements Prepared {
    @Override
    public List<Integer> parameterTypes() {
      return query.parameterTypes();
    }

    @Override
    public Optional<List<RowSet.Column>> columns() {
      return query.columns();
    }

    @Override
    public Answer run(List<@Nullable String> parameters) throws ServerError {
      transaction.checkMayRun(statement);
      return query.run(parameters);
    }
  }

  /// A cursor to be declared, whose query may take parameters.
  private final class CursorToBe implements Prepared {
    private final Statement.Declare declare;
    private final Prepared query;

    CursorToBe(Statement.Declare declare, Prepared query) {
      this.declare = declare;
      this.query = query;
    }

    @Override
    public List<Integer> parameterTypes() {
      return query.parameterTypes();
    }

    @Override
    public Optional<List<RowSet.Column>> columns() {
      return Optional.empty();
    }

    @Override
    public Answer run(List<@Nullable String> parameters) throws ServerError {
      session.transaction().checkMayRun(declare);
      return declare(declare, query, parameters);
    }
  }

  private Prepared prepare(Statement statement, String sql, List<Integer> types)
      throws ServerError {
    session.transaction().checkMayRun(statement);
    return switch (statement) {
      case Statement.Query query ->
          new Checked(prepare(query, sql, types), query, session.transaction());
      case Statement.Declare declare ->
          new CursorToBe(declare, prepare(declare.query(), sql, types));
      case Statement.Show(String parameter) ->
          new Command(Optional.of(shownColumns(parameter)), () -> new Answer.Rows(show(parameter)));
      case Statement.Fetch fetch ->
          new Command(
              fetch.move() ? Optional.empty() : Optional.of(cursors.columns(fetch.cursor())),
              () -> fetch(fetch));
      default ->
          new Command(
              Optional.empty(),
              () -> {
                session.transaction().checkMayRun(statement);
                return run(statement, sql);
              });
    };
  }

  private Prepared prepare(Statement.Query query, String sql, List<Integer> types)
      throws ServerError {
    try {
      return engine.prepare(query.text(), types, session);
    } catch (ServerError error) {
      int position = error.diagnostic().position();
      throw position == 0 ? error : error.at(position + sql.codePointCount(0, query.start()));
    }
  }

  private Answer run(Statement statement, String sql) throws ServerError {
    SessionParameters parameters = session.parameters();
    TransactionBlock transaction = session.transaction();
    return switch (statement) {
      case Statement.Set set -> {
        if (set.local() && !transaction.isOpen()) {
          parameters.warn(
              SqlState.NO_ACTIVE_SQL_TRANSACTION,
              "SET LOCAL can only be used in transaction blocks");
        } else {
          SessionStatements.set(set, parameters);
        }
        yield new Answer.Done("SET");
      }
      case Statement.Reset(Optional<String> parameter) -> {
        SessionStatements.reset(parameter, parameters);
        yield new Answer.Done("RESET");
      }
      case Statement.Discard(String what) -> discard(what);
      case Statement.Begin(String tag, var modes) -> {
        transaction.begin(modes);
        yield new Answer.Done(tag);
      }
      case Statement.EndTransaction end -> {
        String tag = transaction.end(end);
        cursors.endTransaction(tag.equals("COMMIT"));
        yield new Answer.Done(tag);
      }
      case Statement.Savepoint(String name) -> {
        transaction.savepoint(name);
        yield new Answer.Done("SAVEPOINT");
      }
      case Statement.Release(String name) -> {
        transaction.release(name);
        yield new Answer.Done("RELEASE");
      }
      case Statement.RollbackTo(String name) -> {
        transaction.rollbackTo(name);
        yield new Answer.Done("ROLLBACK");
      }
      case Statement.SetTransaction(var modes) -> {
        transaction.apply(modes);
        yield new Answer.Done("SET");
      }
      case Statement.Deallocate(Optional<String> name) ->
          new Answer.Done(name.isEmpty() ? "DEALLOCATE ALL" : "DEALLOCATE");
      case Statement.Declare declare ->
          declare(declare, prepare(declare.query(), sql, List.of()), List.of());
      case Statement.CloseCursor(Optional<String> name) -> {
        cursors.close(name);
        yield new Answer.Done(name.isEmpty() ? "CLOSE CURSOR ALL" : "CLOSE CURSOR");
      }
      case Statement.Listen(String channel) -> {
        session.listening().listen(channel);
        yield new Answer.Done("LISTEN");
      }
      case Statement.Unlisten(Optional<String> channel) -> {
        session.listening().unlisten(channel);
        yield new Answer.Done("UNLISTEN");
      }
      case Statement.Notify notify ->
          throw ServerError.error(
              SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute NOTIFY during recovery");
      case Statement.Checkpoint() -> {
        engine.checkpoint(session);
        yield new Answer.Done("CHECKPOINT");
      }
      case Statement.CopyOut copy -> copy(copy, sql);
      case Statement.Query query -> rows(prepare(query, sql, List.of()), List.of());
      case Statement.Show(String parameter) -> new Answer.Rows(show(parameter));
      case Statement.Fetch fetch -> fetch(fetch);
    };
  }

  private Answer discard(String what) throws ServerError {
    if (what.equals("all")) {
      if (session.transaction().isOpen()) {
        throw ServerError.error(
            SqlState.ACTIVE_SQL_TRANSACTION, "DISCARD ALL cannot run inside a transaction block");
      }
      SessionStatements.reset(Optional.empty(), session.parameters());
      cursors.close(Optional.empty());
      session.listening().unlisten(Optional.empty());
      return new Answer.Done("DISCARD ALL");
    }
    return new Answer.Done(
        switch (what) {
          case "plans" -> "DISCARD PLANS";
          case "sequences" -> "DISCARD SEQUENCES";
          default -> "DISCARD TEMP";
        });
  }

  private Answer declare(
      Statement.Declare declare, Prepared query, List<@Nullable String> parameters)
      throws ServerError {
    if (!declare.hold() && !session.transaction().isOpen()) {
      throw ServerError.error(
          SqlState.NO_ACTIVE_SQL_TRANSACTION,
          "DECLARE CURSOR can only be used in transaction blocks");
    }
    cursors.declare(declare.cursor(), rows(query, parameters).rows(), declare.hold());
    return new Answer.Done("DECLARE CURSOR");
  }

  private Answer fetch(Statement.Fetch fetch) throws ServerError {
    RowSet rows = cursors.fetch(fetch.cursor(), fetch.rows());
    return fetch.move() ? new Answer.Done("MOVE " + rows.rows().size()) : new Answer.Rows(rows);
  }

  private Answer copy(Statement.CopyOut copy, String sql) throws ServerError {
    if (copy.relation().isPresent()) {
      engine.requireTable(copy.relation().get());
    }
    RowSet rows = copied(copy, sql);
    var format = new CopyFormat(copy.options().binary(), rows.columns().size());
    return new Answer.Copy(
        format, CopyLines.of(rows, copy.options()), "COPY " + rows.rows().size());
  }

  private RowSet copied(Statement.CopyOut copy, String sql) throws ServerError {
    try {
      return rows(prepare(copy.query(), sql, List.of()), List.of()).rows();
    } catch (ServerError error) {
      throw copy.relation().isPresent() ? error.at(0) : error; // the query is not what was written
    }
  }

  private static Answer.Rows rows(Prepared query, List<@Nullable String> parameters)
      throws ServerError {
    if (query.run(parameters) instanceof Answer.Rows rows) {
      return rows;
    }
    throw ServerError.error(SqlState.SYNTAX_ERROR, "query returns no rows");
  }

  private RowSet show(String parameter) throws ServerError {
    if (parameter.equals("all")) {
      RowSet all =
          rows(prepare(new Statement.Query(ALL_SETTINGS, 0), ALL_SETTINGS, List.of()), List.of())
              .rows();
      return new RowSet(all.columns(), all.rows(), "SHOW");
    }
    String value = SessionStatements.show(parameter, session.parameters());
    return RowSet.ofOneRow(List.of(shownColumn(parameter)), List.of(value), "SHOW");
  }

  private static List<RowSet.Column> shownColumns(String parameter) {
    return parameter.equals("all")
        ? Stream.of("name", "setting", "description")
            .map(name -> new RowSet.Column(name, SqlType.TEXT))
            .toList()
        : List.of(shownColumn(parameter));
  }

  private static RowSet.Column shownColumn(String parameter) {
    return new RowSet.Column(SessionParameters.properName(parameter), SqlType.TEXT);
  }
}
