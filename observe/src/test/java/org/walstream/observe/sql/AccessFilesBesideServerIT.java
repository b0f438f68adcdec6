package org.walstream.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.testkit.PostgresServer;

/// The views of pg_hba.conf and pg_ident.conf say what the files say now, before anybody has them
/// read again, and what is wrong in them, as a real PostgreSQL 18's do.
@Timeout(600)
class AccessFilesBesideServerIT {

  private static final String HBA =
      """
      # TYPE DATABASE USER ADDRESS METHOD
      host all postgres 127.0.0.1/32 trust
      hist all all all trust
      host replication +a,"b c" samenet scram-sha-256
      local all "without an end
      host all all 10.0.0.0 255.0.0.0 magic
      include nowhere.conf
      host all /^x all \\
        reject
      local all all
      local db1,db2 all trust
      """;

  private static final String IDENT =
      """
      m system name
      m system
      m,n x u
      other /^(.*)@example\\.com$ \\1
      """;

  @TempDir Path directory;

  @Test
  void whatIsWrongInThemIsSeenBeforeAReload() throws Exception {
    try (var server = PostgresServer.builder(18).start();
        var node = new Asked(directory)) {
      for (var file : List.of(List.of("pg_hba.conf", HBA), List.of("pg_ident.conf", IDENT))) {
        server.install(file.getFirst(), file.getLast().getBytes(StandardCharsets.UTF_8));
        Files.writeString(directory.resolve(file.getFirst()), file.getLast());
      }
      assertSame(
          server,
          node,
          "SELECT rule_number, line_number, type, database, user_name, address, netmask,"
              + " auth_method, options, regexp_replace(error, '\"/.*/', '\"') FROM"
              + " pg_hba_file_rules ORDER BY line_number");
      assertSame(
          server,
          node,
          "SELECT map_number, line_number, map_name, sys_name, pg_username, error FROM"
              + " pg_ident_file_mappings ORDER BY line_number");
    }
  }

  private static void assertSame(PostgresServer server, Asked node, String query) throws Exception {
    List<String> theirs = rows(server, query);
    assertThat(theirs).hasSizeGreaterThan(3);
    assertThat(node.text(query)).isEqualTo(theirs);
  }

  private static List<String> rows(PostgresServer server, String query) throws SQLException {
    try (var connection = server.jdbc();
        var statement = connection.createStatement();
        var result = statement.executeQuery(query)) {
      var rows = new ArrayList<String>();
      while (result.next()) {
        var row = new StringJoiner("|");
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          String value = result.getString(i);
          row.add(value == null ? "" : value);
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }
}
