package org.walstream.send.sql;

import java.util.List;
import org.walstream.send.Prepared;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Answers queries. The seam between this server, which speaks the protocol, and whatever knows
/// what there is to ask. Thread-safe.
public interface QueryEngine {

  /// Reads a query and finds out what it takes and returns.
  ///
  /// @param sql one statement
  /// @param parameterTypes OIDs of the first parameters' types; 0 for one that is to be found out
  /// @throws ServerError if it is no query, or asks for what is not there; with the position in
  ///   `sql` where that is known
  Prepared prepare(String sql, List<Integer> parameterTypes, SqlSession session) throws ServerError;

  /// Refuses what COPY can copy by a query only.
  ///
  /// @param relation its name, with its schema unless that is pg_catalog
  default void requireTable(String relation) throws ServerError {}

  /// Brings what has been replayed to disk, as `CHECKPOINT` does on a standby.
  ///
  /// @throws ServerError if the session may not, or there is nothing to bring
  default void checkpoint(SqlSession session) throws ServerError {
    throw ServerError.error(
        SqlState.FEATURE_NOT_SUPPORTED, "this server has no data to make a checkpoint of");
  }

  /// An engine for servers that have nothing to ask, but sessions with settings and transactions.
  QueryEngine NONE =
      (sql, parameterTypes, session) -> {
        throw ServerError.error(
            SqlState.FEATURE_NOT_SUPPORTED, "this server does not answer queries");
      };
}
