package org.walstream.observe.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.observe.sql.function.Functions;
import org.walstream.observe.sql.function.Functions.Internal;
import org.walstream.observe.sql.function.SqlFunction;
import org.walstream.observe.sql.type.TypeTag;
import org.walstream.observe.sql.view.SystemViews;
import org.walstream.send.RowSet.Column;

/// The engine's database: in memory, and empty but for functions and the views that somebody has
/// asked for.
///
/// It is made by the first query and goes when nobody has asked for a while. Few queries run at
/// once: the memory is needed elsewhere. Thread-safe.
final class EngineDatabase implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EngineDatabase.class);
  private static final int CONNECTIONS_MAX = 2;

  /// Longer than agents' usual intervals, so that those who ask each minute keep it.
  private static final Duration IDLE = Duration.ofMinutes(5);

  /// A database in memory has a name in this process; each of ours another.
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private static final String OPTIONS =
      ";MODE=REGULAR;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;QUERY_CACHE_SIZE=4"
          + ";MAX_COMPACT_TIME=0;ANALYZE_AUTO=0";

  private final int number = NUMBERS.incrementAndGet();
  private final Semaphore turns = new Semaphore(CONNECTIONS_MAX);
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Set<String> views = new HashSet<>();
  private int open;
  private long lastUsedNanos;
  private boolean closed;
  private @Nullable ScheduledThreadPoolExecutor timer;

  /// Something to be done with a connection.
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /// Does `work` once there is a connection for it, with the views over `relations` there.
  <T> T run(Set<Relation> relations, Work<T> work) throws SQLException {
    turns.acquireUninterruptibly();
    try {
      Connection connection = take(relations);
      boolean done = false;
      try {
        T result = work.with(connection);
        done = true;
        return result;
      } finally {
        giveBack(connection, done);
      }
    } finally {
      turns.release();
    }
  }

  private synchronized Connection take(Set<Relation> relations) throws SQLException {
    if (closed) {
      throw new SQLException("the node is shutting down");
    }
    Connection connection = idle.poll();
    if (connection == null) {
      connection = open();
    }
    try (var statement = connection.createStatement()) {
      for (Relation relation : relations) {
        if (views.add(relation.name())) {
          statement.execute(view(relation));
        }
      }
    } catch (SQLException e) {
      relations.forEach(relation -> views.remove(relation.name()));
      drop(connection);
      throw e;
    }
    return connection;
  }

  private Connection open() throws SQLException {
    long begun = System.nanoTime();
    Connection connection =
        new org.h2.Driver().connect("jdbc:h2:mem:walstream" + number + OPTIONS, null);
    open++;
    try (var statement = connection.createStatement()) {
      if (open == 1) {
        views.clear();
        create(statement);
        LOG.debug("SQL engine ready after {} ms", (System.nanoTime() - begun) / 1_000_000);
        startTimer();
      }
      statement.execute("SET SCHEMA_SEARCH_PATH \"pg_catalog\", \"public\"");
    } catch (SQLException e) {
      drop(connection);
      throw e;
    }
    return connection;
  }

  private static void create(Statement statement) throws SQLException {
    statement.execute("CREATE SCHEMA \"pg_catalog\"");
    for (SqlFunction function : Functions.all()) {
      statement.execute(
          "CREATE ALIAS \"pg_catalog\".\"%s\" FOR '%s'"
              .formatted(function.alias(), function.method()));
    }
  }

  /// `CREATE VIEW … AS SELECT CAST(… AS …), … FROM walstream$view('…')`
  private static String view(Relation relation) {
    var sql =
        new StringBuilder(
            "CREATE OR REPLACE VIEW \"%s\".\"%s\" AS SELECT "
                .formatted(relation.schema(), relation.name()));
    boolean rows = SystemViews.hasRows(relation.name());
    String between = "";
    for (var column : relation.columns()) {
      String value = rows ? value(column) : "NULL";
      sql.append(between)
          .append(
              "CAST(%s AS %s) AS \"%s\""
                  .formatted(value, TypeTag.of(column.type()), column.name()));
      between = ", ";
    }
    return sql.append(
            rows
                ? " FROM \"pg_catalog\".\"%s\"('%s')"
                    .formatted(Internal.alias(Internal.VIEW), relation.name())
                : " FROM DUAL WHERE FALSE")
        .toString();
  }

  private static String value(Column column) {
    String name = "\"" + column.name() + "\"";
    return TypeTag.of(column.type()).endsWith(" ARRAY")
        ? "\"pg_catalog\".\"%s\"(%s)".formatted(Internal.alias(Internal.ARRAY), name)
        : name;
  }

  private synchronized void giveBack(Connection connection, boolean healthy) {
    lastUsedNanos = System.nanoTime();
    if (closed || !healthy) {
      drop(connection);
    } else {
      idle.push(connection);
    }
  }

  private void drop(Connection connection) {
    open--;
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("could not close the SQL engine's connection", e);
    }
  }

  private void startTimer() {
    if (timer == null) {
      timer =
          new ScheduledThreadPoolExecutor(
              1, Thread.ofPlatform().name("sql engine timer").daemon(true).factory());
      var _ =
          timer.scheduleWithFixedDelay(
              this::closeIfIdle, IDLE.toMillis(), IDLE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void closeIfIdle() {
    if (System.nanoTime() - lastUsedNanos >= IDLE.toNanos()) {
      idle.forEach(this::drop);
      idle.clear();
      if (timer != null && open == 0) {
        timer.shutdown();
        timer = null;
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(this::drop);
    idle.clear();
    if (timer != null) {
      timer.shutdownNow();
      timer = null;
    }
  }
}
