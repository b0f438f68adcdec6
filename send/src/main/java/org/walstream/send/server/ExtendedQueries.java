package org.walstream.send.server;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.walstream.send.Answer;
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

/// The extended protocol of one session, as JDBC and other drivers speak it, for statements without
/// parameters:
///
/// ```
/// Parse ─▶ a statement ─Bind─▶ a portal ─Execute─▶ rows       Sync ends it all: ReadyForQuery
///                └─────────Describe─────────┘
/// ```
///
/// A statement is answered anew each time it is bound. Portals live until the next Sync, as they do
/// outside of a transaction. What follows an error, up to the next Sync, is the session's to skip.
///
/// Counterpart of exec_parse_message() and its neighbours, src/backend/tcop/postgres.c.
final class ExtendedQueries {

  private static final Bind ALL_TEXT = new Bind("", "", 0, List.of());

  private final CommandHandler handler;
  private final ServerConnection connection;
  private final Map<String, String> statements = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();

  ExtendedQueries(CommandHandler handler, ServerConnection connection) {
    this.handler = handler;
    this.connection = connection;
  }

  void parse(Parse parse) throws IOException, ServerError {
    answer(parse.sql()); // errors belong here; all there is to answer is cheap and changes nothing
    if (!parse.statement().isEmpty() && statements.containsKey(parse.statement())) {
      throw ServerError.error(
          SqlState.DUPLICATE_PREPARED_STATEMENT,
          "prepared statement \"%s\" already exists".formatted(parse.statement()));
    }
    statements.put(parse.statement(), parse.sql());
    connection.send(ParseComplete.INSTANCE);
  }

  void bind(Bind bind) throws IOException, ServerError {
    String sql = statement(bind.statement());
    if (bind.parameters() > 0) {
      throw ServerError.error(
          SqlState.PROTOCOL_VIOLATION,
          "bind message supplies %d parameters, but prepared statement \"%s\" requires 0"
              .formatted(bind.parameters(), bind.statement()));
    }
    portals.put(bind.portal(), new Portal(answer(sql), bind));
    connection.send(BindComplete.INSTANCE);
  }

  void describe(Describe describe) throws IOException, ServerError {
    if (describe.portal()) {
      connection.send(portal(describe.name()).description());
    } else {
      Answer answer = answer(statement(describe.name()));
      connection.send(new ParameterDescription(List.of()));
      connection.send(Portal.describe(answer, ALL_TEXT));
    }
  }

  void execute(Execute execute) throws IOException, ServerError {
    portal(execute.portal()).fetch(execute.rowsMax(), connection);
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
    portals.clear();
  }

  private Answer answer(String sql) throws ServerError {
    List<Answer> answers = handler.answer(sql);
    if (answers.size() > 1) {
      throw ServerError.error(
          SqlState.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
    }
    return answers.getFirst();
  }

  private String statement(String name) throws ServerError {
    String sql = statements.get(name);
    if (sql == null) {
      throw ServerError.error(
          SqlState.INVALID_SQL_STATEMENT_NAME,
          name.isEmpty()
              ? "unnamed prepared statement does not exist"
              : "prepared statement \"%s\" does not exist".formatted(name));
    }
    return sql;
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
