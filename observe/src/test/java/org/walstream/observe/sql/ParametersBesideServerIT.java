package org.walstream.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.walstream.send.Answer;
import org.walstream.send.SqlType;
import org.walstream.send.sql.SqlSession;
import org.walstream.testkit.PostgresServer;

/// Parameters whose types a driver does not tell: what they are found to be, and what comes of it,
/// beside a real PostgreSQL.
@Timeout(600)
class ParametersBesideServerIT {

  private static Asked node;
  private static SqlSession session;
  private static PostgresServer server;
  private static Connection connection;

  @BeforeAll
  static void open(@TempDir Path directory) throws Exception {
    node = new Asked(directory);
    session = node.session();
    session.parameters().set("timezone", "UTC");
    server = PostgresServer.builder(18).start();
    connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(server.port()), "postgres", "");
    try (var statement = connection.createStatement()) {
      statement.execute("SET timezone TO 'UTC'");
    }
  }

  @AfterAll
  static void close() throws Exception {
    connection.close();
    server.close();
    node.close();
  }

  static List<String> queries() throws Exception {
    return ExpressionsBesideServerIT.lines("parameters.txt");
  }

  @ParameterizedTest
  @MethodSource("queries")
  void isWhatAServerSays(String line) throws Exception {
    List<String> fields = Stream.of(line.split(" \\| ")).map(String::strip).toList();
    List<String> values = fields.subList(1, fields.size());
    assertThat(ours(fields.getFirst(), values)).isEqualTo(theirs(fields.getFirst(), values));
  }

  private static List<String> ours(String query, List<String> values) throws Exception {
    var prepared = node.engine.prepare(query, List.of(), session);
    var lines = new ArrayList<String>();
    prepared.parameterTypes().forEach(oid -> lines.add(typeName(SqlType.of(oid).orElseThrow())));
    prepared.columns().orElseThrow().forEach(c -> lines.add(c.name() + " " + typeName(c.type())));
    var rows = ((Answer.Rows) prepared.run(new ArrayList<>(values))).rows();
    rows.rows().forEach(row -> lines.add(String.valueOf(row)));
    return lines;
  }

  private static String typeName(SqlType type) {
    String name = type.name().toLowerCase(Locale.ROOT);
    return name.endsWith("_array") ? "_" + name.substring(0, name.length() - 6) : name;
  }

  private static List<String> theirs(String query, List<String> values) throws SQLException {
    try (var statement = connection.prepareStatement(query.replaceAll("\\$\\d", "?"))) {
      var lines = new ArrayList<String>();
      var parameters = statement.getParameterMetaData();
      for (int i = 1; i <= values.size(); i++) {
        lines.add(parameters.getParameterTypeName(i));
        statement.setObject(i, values.get(i - 1), Types.OTHER);
      }
      try (var result = statement.executeQuery()) {
        var columns = result.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          lines.add(columns.getColumnLabel(i) + " " + columns.getColumnTypeName(i));
        }
        while (result.next()) {
          var row = new String[columns.getColumnCount()];
          for (int i = 1; i <= row.length; i++) {
            row[i - 1] = result.getString(i);
          }
          lines.add(Arrays.toString(row));
        }
      }
      return lines;
    }
  }
}
