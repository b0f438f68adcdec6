package org.walstream.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.send.sql.SqlSession;
import org.walstream.wire.server.ServerError;

/// Queries that would go on for ever are ended: by their time, by a cancel request, by an
/// administrator.
@Timeout(600)
class StatementEndTest {

  private static final String CROSS_JOIN =
      "SELECT count(*) FROM generate_series(1,90000) a, generate_series(1,90000) b";

  private static Asked node;

  @BeforeAll
  static void open(@TempDir Path directory) throws Exception {
    node = new Asked(directory);
    node.text("SELECT 1"); // the engine is there
  }

  @AfterAll
  static void close() throws Exception {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CROSS_JOIN,
        CROSS_JOIN + " WHERE a + b = -1",
        "SELECT a, b FROM generate_series(1,90000) a, generate_series(1,90000) b ORDER BY a + b",
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT 1 FROM t) SELECT count(*) FROM t",
        "SELECT (repeat('a', 40) || 'b') ~ '^(a+)+\\1$'",
        "SELECT regexp_replace(repeat('a', 40) || 'b', '^(a+)+\\1$', 'x')",
        "SELECT pg_sleep(60)",
      })
  void statementTimeoutEndsIt(String sql) throws Exception {
    SqlSession session = node.session();
    session.parameters().set("statement_timeout", "200ms");
    assertEnds(sql, session, "57014", "canceling statement due to statement timeout");
    session.parameters().reset("statement_timeout");
    assertThat(Asked.text(node.rows("SELECT 1", session))).containsExactly("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {CROSS_JOIN, "SELECT pg_sleep(60)"})
  void cancelRequestEndsIt(String sql) throws Exception {
    SqlSession session = node.session();
    var done = new CompletableFuture<Void>();
    Thread canceller =
        Thread.ofPlatform() // a virtual one that spins would keep others from their turns
            .start(() -> {
              while (!done.isDone()) { // one that comes before the statement is forgotten
                session.interrupts().cancel();
                Thread.onSpinWait();
              }
            });
    assertEnds(sql, session, "57014", "canceling statement due to user request");
    done.complete(null);
    canceller.join();
    assertThat(Asked.text(node.rows("SELECT 1", session))).containsExactly("1");
  }

  @Test
  void cancelRequestThatFindsNothingIsForgotten() throws Exception {
    SqlSession session = node.session();
    session.interrupts().cancel();
    assertThat(Asked.text(node.rows("SELECT 1", session))).containsExactly("1");
  }

  @Test
  void administratorEndsItForGood() {
    SqlSession session = node.session();
    session.interrupts().terminate();
    String told = "terminating connection due to administrator command";
    assertEnds(CROSS_JOIN, session, "57P01", told);
    assertEnds("SELECT 1", session, "57P01", told);
  }

  /// Two run at once; who waits for a turn can be ended too.
  @Test
  void waitingForATurnEndsToo() throws Exception {
    List<SqlSession> busy = List.of(node.session(), node.session());
    List<Thread> threads =
        busy.stream()
            .map(session ->
                Thread.ofVirtual()
                    .start(() -> assertEnds("SELECT pg_sleep(60)", session, "57014", "user")))
            .toList();
    SqlSession session = node.session();
    session.parameters().set("statement_timeout", "1s");
    String said = "";
    while (!said.contains("statement timeout")) { // until both have begun
      try {
        node.rows("SELECT 1", session);
      } catch (ServerError e) {
        said = String.valueOf(e.getMessage());
      }
    }
    for (int i = 0; i < busy.size(); i++) {
      while (threads.get(i).isAlive()) {
        busy.get(i).interrupts().cancel();
        Thread.onSpinWait();
      }
    }
    assertThat(Asked.text(node.rows("SELECT 1", session))).containsExactly("1");
  }

  private static void assertEnds(String sql, SqlSession session, String sqlState, String message) {
    assertThatThrownBy(() -> node.rows(sql, session))
        .as(sql)
        .isInstanceOf(ServerError.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(((ServerError) e).diagnostic().sqlState()).isEqualTo(sqlState));
  }
}
