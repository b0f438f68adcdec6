package org.walstream.observe.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.api.ErrorCode;
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
import org.walstream.send.SqlType;

/// The engine's database: in memory, and empty but for functions and the views that somebody has
/// asked for.
///
/// It is made by the first query and goes when nobody has asked for a while. Thread-safe.
final class EngineDatabase implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EngineDatabase.class);
  private static final String OWNER = "owner";
  private static final String CLIENT = "client";

  /// Longer than agents' usual intervals, so that those who ask each minute keep it.
  private static final Duration IDLE = Duration.ofMinutes(5);

  /// A database in memory has a name in this process; each of ours another.
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /// Errors after which there is no database any more.
  private static final Set<Integer> DEADLY =
      Set.of(
          ErrorCode.OUT_OF_MEMORY,
          ErrorCode.DATABASE_NOT_FOUND_WITH_IF_EXISTS_1,
          ErrorCode.DATABASE_IS_CLOSED,
          ErrorCode.DATABASE_CALLED_AT_SHUTDOWN);

  private static final String OPTIONS =
      ";MODE=REGULAR;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;QUERY_CACHE_SIZE=4"
          + ";MAX_COMPACT_TIME=0;ANALYZE_AUTO=0";

  static {
    // The engine would keep the last thousand texts, however long, beyond their query and database;
    // softly, but in use as long as anybody asks anything, and so until the heap is full.
    System.setProperty("h2.objectCache", "false");
  }

  private int number;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Set<String> views = new HashSet<>();
  private @Nullable Connection owner;
  private int taken;
  private long lastUsedNanos;
  private boolean closed;
  private @Nullable ScheduledThreadPoolExecutor timer;

  /// Something to be done with a connection.
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /// Does `work` with a connection, with the views over `relations` there.
  <T> T run(Set<Relation> relations, Work<T> work) throws SQLException {
    Taken taken = take(relations);
    boolean done = false;
    try {
      T result = work.with(taken.connection);
      done = true;
      return result;
    } catch (SQLException e) {
      if (DEADLY.contains(e.getErrorCode())) {
        abandon(taken.number);
      }
      throw e;
    } finally {
      giveBack(taken, done);
    }
  }

  /// A connection to the database of a number.
  private record Taken(Connection connection, int number) {}

  /// The engine has closed its database, as it does when it runs out of memory: the next query
  /// makes another.
  private synchronized void abandon(int closed) {
    if (closed == number) {
      LOG.info("the SQL engine ran out of memory and begins anew");
      number = NUMBERS.incrementAndGet();
      closeAll();
    }
  }

  private synchronized Taken take(Set<Relation> relations) throws SQLException {
    if (closed) {
      throw new SQLException("the node is shutting down");
    }
    try {
      makeViews(relations);
      Connection connection = idle.poll();
      if (connection == null) {
        connection = client();
      }
      taken++;
      return new Taken(connection, number);
    } catch (SQLException e) {
      if (DEADLY.contains(e.getErrorCode())) {
        abandon(number);
      }
      throw e;
    }
  }

  private void makeViews(Set<Relation> relations) throws SQLException {
    try (var statement = owner().createStatement()) {
      for (Relation relation : relations) {
        if (!views.contains(relation.qualifiedName())) {
          statement.execute(view(relation));
          views.add(relation.qualifiedName());
        }
      }
    }
  }

  /// A connection for queries, to the database that the owner has made: if the engine has closed it
  /// meanwhile, no other may come into being under its name.
  private Connection client() throws SQLException {
    Connection connection = connect(CLIENT, ";IFEXISTS=TRUE");
    try (var statement = connection.createStatement()) {
      statement.execute("SET SCHEMA_SEARCH_PATH \"pg_catalog\", \"public\"");
    } catch (SQLException e) {
      drop(connection);
      throw e;
    }
    return connection;
  }

  /// The connection that makes what there is; queries run as a user who may only look, so that what
  /// the engine can do to files is out of their reach.
  private Connection owner() throws SQLException {
    Connection connection = owner;
    if (connection == null) {
      long begun = System.nanoTime();
      number = NUMBERS.incrementAndGet();
      connection = connect(OWNER, "");
      views.clear();
      try (var statement = connection.createStatement()) {
        create(statement);
        statement.execute("CREATE USER " + CLIENT + " PASSWORD ''");
        statement.execute("GRANT SELECT ON SCHEMA \"pg_catalog\" TO " + CLIENT);
        statement.execute("GRANT SELECT ON SCHEMA \"walstream\" TO " + CLIENT);
        statement.execute("GRANT SELECT ON SCHEMA \"walstream$information_schema\" TO " + CLIENT);
      } catch (SQLException e) {
        drop(connection);
        throw e;
      }
      LOG.debug("SQL engine ready after {} ms", (System.nanoTime() - begun) / 1_000_000);
      startTimer();
      owner = connection;
    }
    return connection;
  }

  private Connection connect(String user, String option) throws SQLException {
    var credentials = new Properties();
    credentials.setProperty("user", user);
    credentials.setProperty("password", "");
    String url = "jdbc:h2:mem:walstream" + number + OPTIONS + option;
    return new org.h2.Driver().connect(url, credentials);
  }

  private static void create(Statement statement) throws SQLException {
    statement.execute("CREATE SCHEMA \"pg_catalog\"");
    statement.execute("CREATE SCHEMA \"walstream\"");
    statement.execute("CREATE SCHEMA \"walstream$information_schema\"");
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
                .formatted(relation.engineSchema(), relation.name()));
    boolean rows = SystemViews.hasRows(relation.qualifiedName());
    String between = "";
    for (var column : relation.columns()) {
      sql.append(between)
          .append(rows ? value(column) : "CAST(NULL AS " + TypeTag.of(column.type()) + ")")
          .append(" AS \"" + column.name() + "\"");
      between = ", ";
    }
    return sql.append(
            rows
                ? " FROM \"pg_catalog\".\"%s\"('%s')"
                    .formatted(Internal.alias(Internal.VIEW), relation.qualifiedName())
                : " FROM DUAL WHERE FALSE")
        .toString();
  }

  private static String value(Column column) {
    String name = "\"" + column.name() + "\"";
    String type = TypeTag.of(column.type());
    if (column.type() == SqlType.NUMERIC) {
      return call(Internal.NUMERIC, name);
    }
    return "CAST(%s AS %s)"
        .formatted(type.endsWith(" ARRAY") ? call(Internal.ARRAY, name) : name, type);
  }

  private static String call(String function, String argument) {
    return "\"pg_catalog\".\"%s\"(%s)".formatted(Internal.alias(function), argument);
  }

  private synchronized void giveBack(Taken back, boolean healthy) {
    lastUsedNanos = System.nanoTime();
    taken--;
    if (closed || !healthy || back.number != number) {
      drop(back.connection);
    } else {
      idle.push(back.connection);
    }
  }

  private static void drop(Connection connection) {
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
    if (taken == 0 && System.nanoTime() - lastUsedNanos >= IDLE.toNanos()) {
      closeAll();
    }
  }

  /// The last connection takes the database with it.
  private void closeAll() {
    idle.forEach(EngineDatabase::drop);
    idle.clear();
    if (owner != null) {
      drop(owner);
      owner = null;
    }
    if (timer != null) {
      timer.shutdown();
      timer = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeAll();
  }
}
