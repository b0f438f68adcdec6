package org.walstream.send.sql;

import java.util.List;
import org.walstream.send.Answer;
import org.walstream.wire.server.ServerError;

/// Answers SQL.
public interface QueryEngine {

  /// Answers the statements of one query string, in order.
  ///
  /// @throws ServerError for the first statement that cannot be answered; those before it have had
  ///   their effect
  List<Answer> answer(String sql, SqlSession session) throws ServerError;
}
