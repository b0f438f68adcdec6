package org.walstream.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.walstream.send.SqlType;
import org.walstream.send.sql.SqlSession;
import org.walstream.testkit.PostgresServer;
import org.walstream.wire.server.ServerError;

/// Expressions and queries of all kinds, each beside a real PostgreSQL: the same value to the last
/// digit, the same types and names of columns, in a time zone that is not UTC.
@Timeout(600)
class ExpressionsBesideServerIT {

  private static final String ZONE = "America/New_York";

  private static Asked node;
  private static SqlSession session;
  private static PostgresServer server;
  private static Connection connection;

  @BeforeAll
  static void open(@TempDir Path directory) throws Exception {
    node = new Asked(directory);
    session = node.session();
    session.parameters().set("timezone", ZONE);
    server = PostgresServer.builder(18).start();
    connection = server.jdbc();
    try (var statement = connection.createStatement()) {
      statement.execute("SET timezone TO '" + ZONE + "'");
    }
  }

  @AfterAll
  static void close() throws Exception {
    connection.close();
    server.close();
    node.close();
  }

  static List<String> expressions() throws IOException {
    return lines("expressions.txt");
  }

  static List<String> queries() throws IOException {
    return lines("queries.txt");
  }

  static List<String> refused() throws IOException {
    return lines("refused.txt");
  }

  static List<String> lines(String resource) throws IOException {
    try (var in =
            Objects.requireNonNull(ExpressionsBesideServerIT.class.getResourceAsStream(resource));
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void isWhatAServerSays(String expression) throws Exception {
    String query = "SELECT " + expression;
    List<String> theirs = theirs(query);
    assertThat(ours(query)).isEqualTo(theirs);
  }

  @Test
  void everyKeywordIsANameBehindAs() throws Exception {
    List<String> rows = theirs("SELECT word FROM pg_get_keywords()");
    assertThat(rows).hasSizeGreaterThan(400);
    for (String row : rows.subList(1, rows.size())) {
      String query = "SELECT 1 AS " + row.substring(1, row.length() - 1);
      assertThat(ours(query)).as(query).isEqualTo(theirs(query));
    }
  }

  @ParameterizedTest
  @MethodSource("queries")
  void rowsAreWhatAServerSays(String query) throws Exception {
    List<String> theirs = theirs(query);
    assertThat(ours(query)).isEqualTo(theirs);
  }

  /// What a server answers and we do not is refused as what is not supported, and not as if nobody
  /// had heard of it.
  @ParameterizedTest
  @MethodSource("refused")
  void whatIsNotSupportedIsSaidToBe(String expression) throws Exception {
    assertThat(theirs("SELECT " + expression)).isNotEmpty();
    assertThatThrownBy(() -> ours("SELECT " + expression))
        .isInstanceOf(ServerError.class)
        .extracting(e -> ((ServerError) e).diagnostic().sqlState())
        .isEqualTo("0A000");
  }

  /// Names and types of the columns, and the rows.
  private static List<String> ours(String query) throws Exception {
    var result = node.rows(query, session);
    var lines = new ArrayList<String>();
    result.columns().forEach(column -> lines.add(column.name() + " " + typeName(column.type())));
    result.rows().forEach(row -> lines.add(String.valueOf(row)));
    return lines;
  }

  private static String typeName(SqlType type) {
    String name = type.name().toLowerCase(Locale.ROOT);
    return name.endsWith("_array") ? "_" + name.substring(0, name.length() - 6) : name;
  }

  private static List<String> theirs(String query) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(query)) {
      var columns = result.getMetaData();
      var lines = new ArrayList<String>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        lines.add(columns.getColumnLabel(i) + " " + columns.getColumnTypeName(i));
      }
      while (result.next()) {
        var row = new ArrayList<@Nullable String>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        lines.add(String.valueOf(row));
      }
      return lines;
    }
  }
}
