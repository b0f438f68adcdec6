package org.walstream.send.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.walstream.send.Prepared;
import org.walstream.wire.SqlState;
import org.walstream.wire.message.Bind;
import org.walstream.wire.message.BindComplete;
import org.walstream.wire.message.Close;
import org.walstream.wire.message.CloseComplete;
import org.walstream.wire.message.Describe;
import org.walstream.wire.message.Execute;
import org.walstream.wire.message.ParameterDescription;
import org.walstream.wire.message.Parse;
import org.walstream.wire.message.ParseComplete;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;

/// The extended protocol of one session, as JDBC and other drivers speak it:
///
/// ```
/// Parse ─▶ a statement ─Bind─▶ a portal ─Execute─▶ rows       Sync ends it all: ReadyForQuery
///                └─────────Describe─────────┘
/// ```
///
/// A portal runs when it is executed first, and lives as long as the transaction: until the next
/// Sync outside of one. What follows an error, up to the next Sync, is the session's to skip.
///
/// Counterpart of exec_parse_message() and its neighbours, src/backend/tcop/postgres.c.
final class ExtendedQueries {

  private record Statement(Prepared prepared, String sql) {}

  private static final Bind ALL_TEXT = new Bind("", "", List.of(), List.of(), List.of());

  private final CommandHandler handler;
  private final ServerConnection connection;
  private final Map<String, Statement> statements = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();

  ExtendedQueries(CommandHandler handler, ServerConnection connection) {
    this.handler = handler;
    this.connection = connection;
  }

  void parse(Parse parse) throws IOException, ServerError {
    Prepared prepared = handler.prepare(parse.sql(), parse.parameterTypes());
    if (!parse.statement().isEmpty() && statements.containsKey(parse.statement())) {
      throw ServerError.error(
          SqlState.DUPLICATE_PREPARED_STATEMENT,
          "prepared statement \"%s\" already exists".formatted(parse.statement()));
    }
    statements.put(parse.statement(), new Statement(prepared, parse.sql()));
    connection.send(ParseComplete.INSTANCE);
  }

  void bind(Bind bind) throws IOException, ServerError {
    Statement statement = statement(bind.statement());
    List<Integer> types = statement.prepared.parameterTypes();
    if (bind.parameters().size() != types.size()) {
      throw ServerError.error(
          SqlState.PROTOCOL_VIOLATION,
          "bind message supplies %d parameters, but prepared statement \"%s\" requires %d"
              .formatted(bind.parameters().size(), bind.statement(), types.size()));
    }
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      values.add(
          ParameterText.of(bind.parameters().get(i), bind.parameterFormat(i), types.get(i), i + 1));
    }
    portals.put(bind.portal(), new Portal(statement.prepared, values, bind, statement.sql));
    connection.send(BindComplete.INSTANCE);
  }

  void describe(Describe describe) throws IOException, ServerError {
    if (describe.portal()) {
      var cursor = handler.cursor(describe.name());
      connection.send(
          cursor.isPresent() && !portals.containsKey(describe.name())
              ? Portal.describe(cursor, ALL_TEXT)
              : portal(describe.name()).description());
    } else {
      Prepared prepared = statement(describe.name()).prepared;
      connection.send(new ParameterDescription(prepared.parameterTypes()));
      connection.send(Portal.describe(prepared.columns(), ALL_TEXT));
    }
  }

  void execute(Execute execute) throws IOException, ServerError {
    portal(execute.portal()).fetch(execute.rowsMax(), connection);
  }

  /// The statement that is to be executed.
  String sql(Execute execute) throws ServerError {
    return portal(execute.portal()).sql();
  }

  /// It is no error if there is nothing of this name.
  void close(Close close) throws IOException {
    if (close.portal()) {
      portals.remove(close.name());
    } else {
      statements.remove(close.name());
    }
    connection.send(CloseComplete.INSTANCE);
  }

  void sync() {
    if (handler.transactionStatus() == 'I') {
      portals.clear();
    }
  }

  private Statement statement(String name) throws ServerError {
    Statement statement = statements.get(name);
    if (statement == null) {
      throw ServerError.error(
          SqlState.INVALID_SQL_STATEMENT_NAME,
          name.isEmpty()
              ? "unnamed prepared statement does not exist"
              : "prepared statement \"%s\" does not exist".formatted(name));
    }
    return statement;
  }

  private Portal portal(String name) throws ServerError {
    Portal portal = portals.get(name);
    if (portal == null) {
      throw ServerError.error(
          SqlState.INVALID_CURSOR_NAME, "portal \"%s\" does not exist".formatted(name));
    }
    return portal;
  }
}
