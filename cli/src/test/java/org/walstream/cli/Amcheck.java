package org.walstream.cli;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.walstream.testkit.PostgresServer;

/// What `pg_amcheck --heapallindexed --parent-check` would say of a server's database `postgres`,
/// where extension amcheck is; 18 looks at GIN indexes, too.
final class Amcheck {

  private static final String TABLES =
      "SELECT oid, oid::regclass FROM pg_class WHERE relkind IN ('r', 't', 'm')"
          + " AND relpersistence <> 't'";

  private static final String INDEXES =
      """
      SELECT c.oid, c.oid::regclass, a.amname
      FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_am a ON a.oid = c.relam
      WHERE c.relkind = 'i' AND i.indisvalid AND i.indisready AND c.relpersistence <> 't'
        AND (a.amname = 'btree'
             OR a.amname = 'gin' AND current_setting('server_version_num')::int >= 180000)
      """;

  private Amcheck() {}

  /// @return one line each
  static List<String> damage(PostgresServer server) throws SQLException {
    var damage = new ArrayList<String>();
    try (var session = server.jdbc();
        var list = session.createStatement();
        var check = session.createStatement()) {
      try (var tables = list.executeQuery(TABLES)) {
        while (tables.next()) {
          checkTable(check, tables, damage);
        }
      }
      try (var indexes = list.executeQuery(INDEXES)) {
        while (indexes.next()) {
          checkIndex(check, indexes, damage);
        }
      }
    }
    return damage;
  }

  private static void checkTable(Statement check, ResultSet table, List<String> damage)
      throws SQLException {
    try (var found =
        check.executeQuery(
            "SELECT format('%%s, block %%s, item %%s: %%s', %1$d::regclass, blkno, offnum, msg) FROM verify_heapam(%1$d::regclass)"
                .formatted(table.getLong(1)))) {
      while (found.next()) {
        damage.add(found.getString(1));
      }
    }
  }

  private static void checkIndex(Statement check, ResultSet index, List<String> damage) {
    try {
      String function =
          index.getString(3).equals("gin")
              ? "gin_index_check(%d::regclass)"
              : "bt_index_parent_check(%d::regclass, true)";
      check.execute("SELECT " + function.formatted(index.getLong(1)));
    } catch (SQLException e) {
      damage.add(e.getMessage());
    }
  }
}
