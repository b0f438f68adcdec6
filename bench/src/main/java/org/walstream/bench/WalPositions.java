package org.walstream.bench;

import java.sql.SQLException;
import java.sql.Statement;
import org.walstream.wal.Lsn;

/// Where servers are in their WAL, by what they answer.
final class WalPositions {

  private WalPositions() {}

  /// How far a primary's WAL is on disk.
  static long flushed(Statement primary) throws SQLException {
    return ask(primary, "SELECT pg_current_wal_flush_lsn()");
  }

  /// How far a standby has replayed; 0 before it has begun to.
  static long replayed(Statement standby) throws SQLException {
    return ask(standby, "SELECT pg_last_wal_replay_lsn()");
  }

  private static long ask(Statement statement, String query) throws SQLException {
    try (var row = statement.executeQuery(query)) {
      row.next();
      String text = row.getString(1);
      return text == null ? 0 : Lsn.parse(text).value();
    }
  }
}
