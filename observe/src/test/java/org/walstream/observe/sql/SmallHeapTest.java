package org.walstream.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.send.sql.SqlSession;
import org.walstream.wire.server.ServerError;

/// Queries that gather much, in a process with the heap of a node: each is refused, and nobody else
/// in the process runs out of memory.
class SmallHeapTest {

  private static final List<String> GREEDY =
      List.of(
          "SELECT a, b FROM generate_series(1,90000) a, generate_series(1,90000) b ORDER BY b - a",
          "SELECT a.*, b.*, c.* FROM pg_settings a, pg_settings b, pg_attribute c ORDER BY 2",
          "SELECT DISTINCT a, b FROM generate_series(1,90000) a, generate_series(1,90000) b",
          "SELECT a * 100000 + b, count(*) FROM generate_series(1,90000) a,"
              + " generate_series(1,90000) b GROUP BY 1",
          "SELECT array_agg(a) FROM generate_series(1,90000) a, generate_series(1,90000) b",
          "SELECT string_agg(repeat('x', 1000000), '') FROM generate_series(1, 1000)",
          "SELECT max(length(x)) FROM (SELECT repeat('x', 1000000) || a AS x FROM"
              + " generate_series(1, 1000) a ORDER BY 1) s",
          "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t",
          "WITH RECURSIVE t(n) AS (SELECT 'x' UNION ALL SELECT n || n FROM t) SELECT count(*) FROM t",
          "SELECT a, rank() OVER (ORDER BY b) FROM generate_series(1,90000) a,"
              + " generate_series(1,90000) b",
          "SELECT count(*) FROM generate_series(1,9) WHERE 1 IN (SELECT a + b FROM"
              + " generate_series(1,90000) a, generate_series(1,90000) b)",
          "SELECT 1 FROM generate_series(1,90000) a, generate_series(1,90000) b",
          "SELECT repeat('x', 2000000000)",
          "SELECT replace(repeat('x', 1000000), 'x', repeat('y', 1000000))",
          "SELECT regexp_replace(repeat('x', 1000000), 'x', repeat('y', 1000000), 'g')",
          "SELECT string_to_array(repeat('x,', 500000), ',')",
          "SELECT " + "repeat('x', 1000000) || ".repeat(1000) + "''",
          "SELECT " + "1,".repeat(16_000) + "1",
          "SELECT " + "1+".repeat(16_000) + "1",
          "SELECT " + "(".repeat(60) + "1" + ")".repeat(60),
          "SELECT " + "abs(".repeat(1000) + "1" + ")".repeat(1000),
          "SELECT '" + "x".repeat(100_000) + "'");

  /// Long texts, each of which is garbage at once: three times the heap.
  private static final String LONG_TEXTS =
      "SELECT max(length(repeat('x', 1000000) || a)) FROM generate_series(1, 200) a";

  /// What may end them; a few are answered.
  private static final List<String> ENDS = List.of("53200", "54000", "54001", "57014", "22001");

  @Test
  @Timeout(600)
  void greedyQueriesAreRefusedAndNobodyElseIsHurt(@TempDir Path directory) throws Exception {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-Xss256k",
            "-Djdk.virtualThreadScheduler.parallelism=8",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            SmallHeapTest.class.getName(),
            directory.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).doesNotContain("OutOfMemoryError").contains("all are ended");
  }

  /// The process with a small heap.
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createDirectory(Path.of(arguments[0]).resolve("node"));
    try (var node = new Asked(directory)) {
      var hurt = new ArrayList<Throwable>();
      Thread bystander = Thread.ofPlatform().daemon().start(() -> allocate(hurt));
      assertAnswered(node, LONG_TEXTS, "1000003");
      for (String sql : GREEDY) {
        long begun = System.nanoTime();
        CompletableFuture<String> other = // two at once
            CompletableFuture.supplyAsync(() -> end(node, sql), Thread.ofVirtual()::start);
        String end = end(node, sql) + ", " + other.join();
        System.out.printf(
            "%s after %d ms: %.90s%n", end, (System.nanoTime() - begun) / 1_000_000, sql);
      }
      assertAnswered(node, "SELECT 1", "1");
      assertAnswered(node, LONG_TEXTS, "1000003");
      if (!hurt.isEmpty()) {
        throw new AssertionError("somebody was hurt: " + hurt);
      }
      bystander.interrupt();
      System.out.println("all are ended");
    }
  }

  private static void assertAnswered(Asked node, String sql, String answer) throws Exception {
    List<String> rows = node.text(sql);
    if (!rows.equals(List.of(answer))) {
      throw new AssertionError(sql + ": " + rows);
    }
  }

  private static String end(Asked node, String sql) {
    SqlSession session = node.session();
    try {
      session.parameters().set("statement_timeout", "5s");
      node.rows(sql, session);
      return "answered";
    } catch (ServerError e) {
      String sqlState = e.diagnostic().sqlState();
      if (!ENDS.contains(sqlState)) {
        throw new AssertionError(sql, e);
      }
      return sqlState;
    } catch (Exception e) {
      throw new AssertionError(sql, e);
    }
  }

  /// What the rest of a node does meanwhile: it needs a little, all the time.
  private static void allocate(List<Throwable> hurt) {
    try {
      byte[][] kept = new byte[4][];
      for (int i = 0; !Thread.interrupted(); i++) {
        kept[i % kept.length] = new byte[256 << 10];
        Thread.sleep(1);
      }
    } catch (InterruptedException end) {
      return;
    } catch (OutOfMemoryError e) {
      hurt.add(e);
    }
  }
}
