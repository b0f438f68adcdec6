package org.walstream.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.walstream.testkit.PostgresServer;

/// Compares what a server holds with what was acknowledged. Knows nothing of LSNs or replication:
/// it counts rows.
///
/// @param acknowledged rows whose COMMIT had returned
/// @param found of these, the rows that are there
/// @param whole of these, the rows whose payload is what was inserted
/// @param checksumRight whether the ids that are there add up to those acknowledged
/// @param more rows that are there although nobody was told so: their COMMIT was under way
record Proof(long acknowledged, long found, long whole, boolean checksumRight, long more) {

  static Proof of(PostgresServer server, List<Long> acknowledged) throws SQLException {
    var total = new Proof(0, 0, 0, true, 0);
    try (var connection = server.jdbc()) {
      for (int worker = 1; worker <= acknowledged.size(); worker++) {
        total = total.plus(ofWorker(connection, worker, acknowledged.get(worker - 1)));
      }
    }
    return total;
  }

  boolean holds() {
    return found == acknowledged && whole == acknowledged && checksumRight;
  }

  private static Proof ofWorker(Connection connection, int worker, long last) throws SQLException {
    var count =
        """
        SELECT count(*) FILTER (WHERE id <= %2$d),
               coalesce(sum(id) FILTER (WHERE id <= %2$d), 0),
               count(*) FILTER (WHERE id <= %2$d AND payload = %3$s),
               count(*) FILTER (WHERE id > %2$d)
        FROM demo WHERE worker = %1$d
        """
            .formatted(worker, last, Load.PAYLOAD);
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(count)) {
      row.next();
      var sumOfIds = last * (last + 1) / 2;
      return new Proof(
          last, row.getLong(1), row.getLong(3), row.getLong(2) == sumOfIds, row.getLong(4));
    }
  }

  private Proof plus(Proof other) {
    return new Proof(
        acknowledged + other.acknowledged,
        found + other.found,
        whole + other.whole,
        checksumRight && other.checksumRight,
        more + other.more);
  }
}
