package org.walstream.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.PostgresServer;

/// Queries over values of their own, and a real PostgreSQL's answer to each.
@Timeout(600)
class SqlBesideServerIT {

  private static Asked node;
  private static PostgresServer server;
  private static Connection connection;

  @BeforeAll
  static void open(@TempDir Path directory) throws Exception {
    node = new Asked(directory);
    server = PostgresServer.builder(18).start();
    connection = server.jdbc();
  }

  @AfterAll
  static void close() throws Exception {
    connection.close();
    server.close();
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a.x, b.y FROM (VALUES (1),(2)) a(x) FULL JOIN (VALUES (2),(3)) b(y) ON a.x = b.y"
            + " ORDER BY 1, 2",
        "SELECT * FROM (VALUES (1,'l'),(2,'m')) a(x, l) FULL OUTER JOIN (VALUES (2,'r')) b(y, r)"
            + " ON a.x = b.y ORDER BY a.x",
        "SELECT x, coalesce(a.l, '-'), coalesce(b.r, '-') FROM (VALUES (1,'l'),(2,'m')) a(x, l)"
            + " FULL JOIN (VALUES (2,'r'),(3,'s')) b(x, r) USING (x) WHERE x > 1 ORDER BY x",
        "SELECT count(*), count(a.x), count(b.y) FROM (SELECT 1 AS x WHERE false) a FULL JOIN"
            + " (VALUES (2),(3)) b(y) ON a.x = b.y",
        "SELECT count(*) FROM (SELECT 1 AS x WHERE false) a FULL JOIN (SELECT 1 AS y WHERE false) b"
            + " ON a.x = b.y",
        "SELECT a.x, b.y, c.z FROM (VALUES (1),(2)) a(x) FULL JOIN (VALUES (2),(3)) b(y) ON a.x ="
            + " b.y LEFT JOIN (VALUES (3)) c(z) ON c.z = b.y ORDER BY 1, 2",
        "SELECT r.setting IS NULL, s.x FROM pg_settings r FULL JOIN (VALUES ('no such')) s(x) ON"
            + " r.name = s.x WHERE s.x IS NOT NULL",
        "SELECT a.x, l.y FROM (VALUES (1),(2)) a(x) CROSS JOIN LATERAL (SELECT a.x * 10 AS y) l"
            + " ORDER BY 1",
        "SELECT a.x, l.n FROM (VALUES (1),(2)) a(x), LATERAL (SELECT count(*) AS n FROM (VALUES"
            + " (1),(1),(3)) b(y) WHERE b.y = a.x) l ORDER BY x",
        "SELECT * FROM (VALUES (1),(2)) a(x) LEFT JOIN LATERAL (SELECT b.y, b.z FROM (VALUES"
            + " (1,5),(1,4)) b(y, z) WHERE b.y = a.x ORDER BY b.z LIMIT 1) l ON true ORDER BY a.x",
        "SELECT a.x, y FROM (VALUES (1),(2)) a(x) JOIN LATERAL (SELECT b.y FROM (VALUES (1),(1))"
            + " b(y) WHERE b.y = a.x LIMIT 1) l ON true WHERE y = 1 ORDER BY a.x",
        "SELECT l.* FROM (VALUES (1),(2)) a(x), LATERAL (SELECT a.x + 1 AS p, a.x + 2 AS q) l"
            + " ORDER BY p",
        "SELECT sum(l.y) FROM (VALUES (1),(2)) a(x), LATERAL (SELECT a.x * 10 AS y) l",
        "SELECT l.y FROM (VALUES (1),(2)) a(x), LATERAL (SELECT a.x * 10 AS y) l,"
            + " LATERAL (SELECT l.y + 1 AS z) m WHERE m.z > 11",
        "SELECT x, row_number() OVER (ORDER BY x DESC) FROM generate_series(1,3) x ORDER BY 1",
        "SELECT x, sum(x) OVER (ORDER BY x) FROM generate_series(1,3) x ORDER BY 1",
        "SELECT * FROM (VALUES (1,'a'),(2,'b')) t(id, name) WHERE (id, name) IN "
            + "((1,'a'),(3,'c'))",
        "SELECT string_agg(name, ', ' ORDER BY id DESC) FROM (VALUES (1,'a'),(2,'b')) t(id, "
            + "name)",
        "SELECT array_agg(id ORDER BY id) FROM (VALUES (2),(1)) t(id)",
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT "
            + "sum(n) FROM r",
        "SELECT DISTINCT ON (k) k, v FROM (VALUES (1,2),(1,1),(2,3)) t(k, v) ORDER BY k, v",
        "SELECT x FROM generate_series(1,10) x WHERE x BETWEEN 3 AND 5 EXCEPT SELECT 4 ORDER "
            + "BY 1",
        "SELECT 1 UNION SELECT 2 UNION ALL SELECT 2 ORDER BY 1",
        "SELECT x FROM generate_series(1,3) x INTERSECT SELECT 2",
        "SELECT k, count(*) FROM (VALUES (1),(1),(2)) t(k) GROUP BY k HAVING count(*) > 1",
        "SELECT greatest(1, NULL, 3), least(2, 1), nullif('a', 'b'), coalesce(NULL, 'x')",
        "SELECT trim(both 'x' from 'xax'), ltrim(' a'), rtrim('a '), btrim('xxaxx','x'), "
            + "lpad('1', 3, '0'), rpad('1', 3, '0')",
        "SELECT position('b' in 'abc'), strpos('abc', 'c'), replace('abc', 'b', 'x'), "
            + "translate('abc', 'ab', 'xy'), substr('abcdef', 2, 3)",
        "SELECT to_char(1234.5, 'FM9,999.00'), to_char(timestamp '2026-01-02 03:04:05', "
            + "'YYYY-MM-DD HH24:MI:SS')",
        "SELECT date_trunc('hour', timestamp '2026-01-02 03:04:05'), extract(year from date "
            + "'2026-01-02')",
        "SELECT round(1.234, 2), ceil(1.2), floor(1.8), trunc(1.9), abs(-1), sign(-2), mod(7, "
            + "3), power(2, 3), sqrt(4)",
        "SELECT 'a' IS DISTINCT FROM NULL, NULL IS NOT DISTINCT FROM NULL, true IS TRUE, NULL "
            + "IS UNKNOWN",
        "SELECT ARRAY(SELECT x FROM generate_series(1,3) x ORDER BY x DESC)",
        "SELECT 1 = ALL (ARRAY[1,1]), 1 <> ANY (ARRAY[1,2]), 3 IN (SELECT x FROM "
            + "generate_series(1,3) x), EXISTS (SELECT 1)",
        "SELECT CASE WHEN 1 > 2 THEN 'a' WHEN 2 > 1 THEN 'b' ELSE 'c' END, CASE 3 WHEN 3 THEN "
            + "'three' END",
        "SELECT (SELECT max(x) FROM generate_series(1,3) x) AS m, x FROM (VALUES (1)) t(x)",
        "SELECT t.* FROM (VALUES (1, 2)) t(a, b) NATURAL JOIN (VALUES (1, 3)) u(a, c)",
        "SELECT * FROM (VALUES (1)) a(x) LEFT JOIN (VALUES (1, 2)) b(x, y) USING (x)",
        "SELECT a.x, b.x FROM (VALUES (1)) a(x) CROSS JOIN (VALUES (2)) b(x)",
        "SELECT a.x, b.x FROM (VALUES (1)) a(x) RIGHT JOIN (VALUES (2)) b(x) ON a.x = b.x",
        "SELECT x FROM generate_series(1,5) x ORDER BY x DESC NULLS LAST FETCH FIRST 2 ROWS "
            + "ONLY",
        "SELECT x FROM (VALUES (1),(NULL),(2)) t(x) ORDER BY x NULLS FIRST",
        "VALUES (1, 'a'), (2, 'b')",
        "SELECT 'a' || 1, 1 || 'a', 'a' || NULL",
        "SELECT sum(x) FILTER (WHERE x > 1), max(x) - min(x) FROM generate_series(1,3) x",
        "SELECT lag(x) OVER w, lead(x) OVER w, first_value(x) OVER w FROM generate_series(1,3) "
            + "x WINDOW w AS (ORDER BY x)",
        "SELECT rank() OVER (PARTITION BY k ORDER BY v) FROM (VALUES (1,2),(1,1)) t(k, v) "
            + "ORDER BY 1",
        "SELECT x::text || '%' FROM (VALUES (0.5)) t(x)"
      })
  void answersAreTheServers(String query) throws Exception {
    assertThat(node.text(query)).isEqualTo(theirs(query));
  }

  private static List<String> theirs(String query) throws SQLException {
    var rows = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        var row = new ArrayList<String>();
        for (int i = 1; i <= columns; i++) {
          String value = result.getString(i);
          row.add(value == null ? "" : value);
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }
}
