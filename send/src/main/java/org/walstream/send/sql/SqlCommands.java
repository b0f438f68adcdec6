package org.walstream.send.sql;

import java.io.IOException;
import java.util.List;
import org.walstream.send.Answer;
import org.walstream.send.server.CommandHandler;
import org.walstream.wire.message.CommandComplete;
import org.walstream.wire.message.EmptyQueryResponse;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;

/// One connection's SQL.
public final class SqlCommands implements CommandHandler {

  private final QueryEngine engine;
  private final SqlSession session;

  public SqlCommands(QueryEngine engine, SqlSession session) {
    this.engine = engine;
    this.session = session;
  }

  @Override
  public void execute(String command, ServerConnection connection) throws IOException, ServerError {
    for (Answer answer : answer(command)) {
      switch (answer) {
        case Answer.Rows(var rows) -> rows.send(connection);
        case Answer.Done(String tag) -> connection.send(new CommandComplete(tag));
        case Answer.Nothing() -> connection.send(EmptyQueryResponse.INSTANCE);
      }
    }
  }

  @Override
  public List<Answer> answer(String statement) throws ServerError {
    return engine.answer(statement, session);
  }

  @Override
  public void close() {}
}
