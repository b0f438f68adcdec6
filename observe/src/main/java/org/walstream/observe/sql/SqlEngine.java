package org.walstream.observe.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.h2.api.ErrorCode;
import org.h2.jdbc.JdbcResultSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.observe.Status;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.observe.sql.dialect.Translation;
import org.walstream.observe.sql.dialect.Translator;
import org.walstream.observe.sql.function.Heap;
import org.walstream.observe.sql.function.NameFunctions;
import org.walstream.observe.sql.function.RefusedException;
import org.walstream.observe.sql.function.SessionFunctions;
import org.walstream.observe.sql.function.TextFunctions;
import org.walstream.observe.sql.function.WalFunctions;
import org.walstream.observe.sql.type.TypeTag;
import org.walstream.observe.sql.type.ValueText;
import org.walstream.send.Answer;
import org.walstream.send.Interrupts;
import org.walstream.send.Prepared;
import org.walstream.send.RowSet;
import org.walstream.send.RowSet.Column;
import org.walstream.send.SqlType;
import org.walstream.send.sql.QueryEngine;
import org.walstream.send.sql.SqlSession;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Answers PostgreSQL's queries over the [Status] of a node, by an SQL engine that is kept for it.
///
/// ```
/// query ─▶ Translator ─▶ EngineDatabase ─▶ views ─▶ functions ─▶ Status
///                             └─▶ rows with PostgreSQL's types (TypeTag) and texts (ValueText)
/// ```
///
/// Nothing of it is loaded before the first query. Thread-safe.
public final class SqlEngine implements QueryEngine, AutoCloseable {

  /// What a result may take, about: a node has little memory.
  private static final int RESULT_BYTES_MAX = 8 << 20;

  /// What a row and a value take beside their texts.
  private static final int ROW_BYTES = 100;

  private static final int VALUE_BYTES = 40;

  /// A query of status takes milliseconds; one that takes this long would take for ever.
  /// `statement_timeout` can make it less.
  private static final int TIMEOUT_SECONDS_MAX = 30;

  private static final Column OF_EMPTY = new Column("?column?", SqlType.TEXT);

  private static final Logger LOG = LoggerFactory.getLogger(SqlEngine.class);

  private final Status status;
  private final Turns turns = new Turns();
  private @Nullable Parts parts;
  private boolean closed;

  private record Parts(Catalog catalog, Translator translator, EngineDatabase database) {}

  public SqlEngine(Status status) {
    this.status = status;
  }

  private synchronized Parts parts() throws ServerError {
    if (closed) {
      throw ServerError.fatal(SqlState.ADMIN_SHUTDOWN, "the node is shutting down");
    }
    Parts made = parts;
    if (made == null) {
      var catalog = Catalog.load();
      made = new Parts(catalog, new Translator(catalog), new EngineDatabase());
      parts = made;
    }
    return made;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (parts != null) {
      parts.database.close();
    }
  }

  @Override
  public Prepared prepare(String sql, List<Integer> parameterTypes, SqlSession session)
      throws ServerError {
    return running(
        session,
        statement -> {
          Parts current = parts();
          Translation translation = current.translator.translate(sql, parameterTypes);
          return ask(
              current,
              translation,
              sql,
              session,
              connection -> {
                try (var prepared = connection.prepareStatement(translation.sql())) {
                  return new Query(
                      sql,
                      translation,
                      parameterTypes(prepared, translation),
                      columns(prepared.getMetaData(), translation.types()),
                      session);
                }
              });
        });
  }

  @Override
  public void requireTable(String relation) throws ServerError {
    if (parts().catalog.relation(relation).filter(found -> found.kind() == 'v').isPresent()) {
      throw ServerError.error(
              SqlState.WRONG_OBJECT_TYPE, "cannot copy from view \"%s\"".formatted(relation))
          .withHint("Try the COPY (SELECT ...) TO variant.");
    }
  }

  @Override
  public void checkpoint(SqlSession session) throws ServerError {
    long limit = session.parameters().statementTimeoutMs();
    Duration time = limit == 0 ? Duration.ofNanos(Long.MAX_VALUE) : Duration.ofMillis(limit);
    try (var _ = session.interrupts().begin(time)) {
      Checkpoint.make(status, session);
    }
  }

  private interface Work<T> {
    T as(Interrupts.Running statement) throws ServerError;
  }

  /// Does what takes time and memory, when there is a turn, as long as it may take.
  private <T> T running(SqlSession session, Work<T> work) throws ServerError {
    try (var statement = session.interrupts().begin(timeout(session));
        var _ = turns.take(session.interrupts())) {
      Heap.check();
      return work.as(statement);
    } catch (StackOverflowError e) {
      throw EngineErrors.tooDeep();
    } catch (OutOfMemoryError e) {
      throw Heap.outOfMemory();
    }
  }

  private static Duration timeout(SqlSession session) {
    long wanted = session.parameters().statementTimeoutMs();
    Duration most = Duration.ofSeconds(TIMEOUT_SECONDS_MAX);
    return wanted == 0 || wanted > most.toMillis() ? most : Duration.ofMillis(wanted);
  }

  private <T> T ask(
      Parts parts,
      Translation translation,
      String sql,
      SqlSession session,
      EngineDatabase.Work<T> work)
      throws ServerError {
    var context = new QueryContext(status, parts.catalog, session, Instant.now());
    try {
      return context.call(() -> parts.database.run(translation.relations(), work));
    } catch (SQLException e) {
      if (e.getErrorCode() == ErrorCode.STATEMENT_WAS_CANCELED) {
        session.interrupts().check(); // who or what has cancelled it
      }
      throw EngineErrors.of(e, sql);
    }
  }

  private static List<Integer> parameterTypes(PreparedStatement statement, Translation translation)
      throws SQLException {
    var types = new ArrayList<Integer>();
    var found = statement.getParameterMetaData();
    for (int i = 0; i < translation.parameters(); i++) {
      int type = translation.parameterTypes().get(i);
      types.add(
          type != 0
              ? type
              : TypeTag.of(found.getParameterTypeName(i + 1), found.getPrecision(i + 1)).oid());
    }
    return types;
  }

  /// @param known what PostgreSQL's types are, as far as the query's words tell
  private static List<Column> columns(
      @Nullable ResultSetMetaData found, List<Optional<SqlType>> known) throws SQLException {
    if (found == null) {
      return List.of(OF_EMPTY);
    }
    var columns = new ArrayList<Column>();
    for (int i = 1; i <= found.getColumnCount(); i++) {
      SqlType carried = TypeTag.of(found.getColumnTypeName(i), found.getPrecision(i));
      boolean isKnown = known.size() == found.getColumnCount();
      columns.add(
          new Column(
              found.getColumnLabel(i),
              isKnown ? known.get(i - 1).filter(SqlEngine::isNotTold).orElse(carried) : carried));
    }
    return columns;
  }

  /// Whether the engine may carry it by another type. Its tags tell the others, and tell texts
  /// better.
  private static boolean isNotTold(SqlType type) {
    return switch (type) {
      case INT2, INT4, INT8, NUMERIC, FLOAT4, FLOAT8, NUMERIC_ARRAY -> true;
      default -> false;
    };
  }

  /// A query that has been read, by whom it may be run again and again.
  private final class Query implements Prepared {

    private final String sql;
    private final Translation translation;
    private final List<Integer> parameterTypes;
    private final List<Column> columns;
    private final SqlSession session;

    Query(
        String sql,
        Translation translation,
        List<Integer> parameterTypes,
        List<Column> columns,
        SqlSession session) {
      this.sql = sql;
      this.translation = translation;
      this.parameterTypes = List.copyOf(parameterTypes);
      this.columns = List.copyOf(columns);
      this.session = session;
    }

    @Override
    public List<Integer> parameterTypes() {
      return parameterTypes;
    }

    @Override
    public Optional<List<Column>> columns() {
      return Optional.of(columns);
    }

    @Override
    public Answer run(List<@Nullable String> parameters) throws ServerError {
      if (parameters.size() < translation.parameters()) {
        throw ServerError.error(
            SqlState.UNDEFINED_PARAMETER,
            "there is no parameter $%d".formatted(parameters.size() + 1));
      }
      requireRights();
      return running(
          session,
          running ->
              new Answer.Rows(
                  ask(
                      parts(),
                      translation,
                      sql,
                      session,
                      connection -> execute(connection, parameters, running))));
    }

    private void requireRights() throws ServerError {
      Optional<Relation> secret =
          translation.relations().stream().filter(Relation::isSecret).findFirst();
      boolean superuser =
          status.users().stream()
              .anyMatch(u -> u.name().equals(session.client().user()) && u.superuser());
      if (secret.isPresent() && !superuser) {
        throw ServerError.error(
            SqlState.INSUFFICIENT_PRIVILEGE,
            "permission denied for %s %s"
                .formatted(secret.get().kind() == 'v' ? "view" : "table", secret.get().name()));
      }
    }

    private RowSet execute(
        Connection connection, List<@Nullable String> parameters, Interrupts.Running running)
        throws SQLException {
      prepareSession(connection);
      try (var statement = connection.prepareStatement(translation.sql())) {
        running.wakeBy(() -> cancel(statement));
        for (int i = 0; i < translation.parameters(); i++) {
          bind(statement, i, parameters.get(i));
        }
        try (ResultSet result = statement.executeQuery()) {
          return read(result.unwrap(JdbcResultSet.class));
        }
      }
    }

    private void prepareSession(Connection connection) throws SQLException {
      try (var statement = connection.createStatement()) {
        statement.execute("SET TIME ZONE '%s'".formatted(session.parameters().zone().getId()));
        statement.execute("SET QUERY_TIMEOUT " + timeout(session).toMillis());
      }
    }

    private void cancel(PreparedStatement statement) {
      try {
        statement.cancel();
      } catch (SQLException e) {
        LOG.debug("could not cancel a statement that has ended, perhaps", e);
      }
    }

    private void bind(PreparedStatement statement, int index, @Nullable String text)
        throws SQLException {
      switch (SqlType.of(parameterTypes.get(index)).orElse(SqlType.TEXT)) {
        case PG_LSN -> statement.setBigDecimal(index + 1, WalFunctions.parse(text));
        case BOOL -> {
          Boolean value = TextFunctions.bool(text);
          statement.setObject(index + 1, value);
        }
        default -> statement.setString(index + 1, text);
      }
    }

    private RowSet read(JdbcResultSet result) throws SQLException {
      ZoneId zone = session.parameters().zone();
      var rows = new ArrayList<List<@Nullable String>>();
      long bytes = 0;
      while (result.next()) {
        SessionFunctions.goOn();
        List<@Nullable String> row = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
          String text =
              ValueText.of(
                  result.getInternal(i + 1), columns.get(i).type(), zone, NameFunctions::name);
          row.add(text);
          bytes += text == null ? 0 : VALUE_BYTES + text.length();
        }
        bytes += ROW_BYTES;
        if (bytes > RESULT_BYTES_MAX) {
          throw new RefusedException(
              ServerError.error(
                  SqlState.PROGRAM_LIMIT_EXCEEDED, "the result is too large for this node"));
        }
        rows.add(row);
      }
      return RowSet.of(columns, rows, "SELECT " + rows.size());
    }
  }
}
