package org.walstream.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// Statements of a file beside this class, separated by empty lines, run one by one. A line with
/// `-- [NAME]` before a statement sends it on a connection of that name; without one it goes on the
/// first.
public final class SqlScript {

  private static final Pattern SESSION = Pattern.compile("-- \\[(\\w+)]");

  private final List<String> blocks;

  private SqlScript(List<String> blocks) {
    this.blocks = blocks;
  }

  /// @param resource a file of this package
  public static SqlScript named(String resource) throws IOException {
    try (InputStream file =
        Objects.requireNonNull(SqlScript.class.getResourceAsStream(resource), resource)) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return new SqlScript(List.of(text.split("\n\\s*\n")));
    }
  }

  /// @throws SQLException naming the statement that failed
  public void run(PostgresServer server) throws SQLException {
    Map<String, Connection> sessions = new HashMap<>();
    try {
      for (String block : blocks) {
        var name = SESSION.matcher(block);
        String statement = block.replaceAll("(?m)^--.*\n?", "").strip();
        if (!statement.isEmpty()) {
          run(sessions, server, name.find() ? name.group(1) : "", statement);
        }
      }
    } finally {
      for (Connection session : sessions.values()) {
        session.close();
      }
    }
  }

  private static void run(
      Map<String, Connection> sessions, PostgresServer server, String name, String statement)
      throws SQLException {
    Connection session = sessions.get(name);
    if (session == null) {
      session = server.jdbc();
      sessions.put(name, session);
    }
    try (var sql = session.createStatement()) {
      sql.execute(statement);
    } catch (SQLException e) {
      throw new SQLException(statement + ": " + e.getMessage(), e);
    }
  }
}
