package org.walstream.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.send.RowSet;
import org.walstream.testkit.PostgresServer;

/// Our relations have PostgreSQL 18's columns: names, order, types; and each can be read.
@Timeout(600)
class CatalogIT {

  @Test
  void columnsAreThoseOfPostgres18(@TempDir Path directory) throws Exception {
    try (var postgres = PostgresServer.builder(18).start();
        var node = new Asked(directory)) {
      Map<String, List<String>> theirs = theirs(postgres);
      var root = node.session("super");
      for (Relation relation : Catalog.load().relations()) {
        if (relation.schema().equals(Catalog.WALSTREAM)) {
          continue;
        }
        assertThat(oids(relation.columns()))
            .as(relation.name())
            .isEqualTo(theirs.get(relation.qualifiedName()));
        assertThat(oids(node.rows("SELECT * FROM " + relation.qualifiedName(), root).columns()))
            .as(relation.name())
            .isEqualTo(theirs.get(relation.qualifiedName()));
      }
    }
  }

  private static List<String> oids(List<RowSet.Column> columns) {
    return columns.stream().map(c -> "%s %d".formatted(c.name(), c.type().oid())).toList();
  }

  private static Map<String, List<String>> theirs(PostgresServer postgres) throws Exception {
    var columns = new LinkedHashMap<String, List<String>>();
    try (var connection = postgres.jdbc();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT CASE relnamespace WHEN 11 THEN '' ELSE 'information_schema.' END || relname,"
                    + " attname, CASE typtype WHEN 'd' THEN typbasetype ELSE atttypid END FROM"
                    + " pg_attribute JOIN pg_class ON attrelid = pg_class.oid JOIN pg_type ON"
                    + " atttypid = pg_type.oid WHERE relnamespace IN (11,"
                    + " 'information_schema'::regnamespace) AND attnum > 0 ORDER BY attrelid,"
                    + " attnum")) {
      while (rows.next()) {
        columns
            .computeIfAbsent(rows.getString(1), name -> new ArrayList<>())
            .add(rows.getString(2) + " " + rows.getLong(3));
      }
    }
    return columns;
  }
}
