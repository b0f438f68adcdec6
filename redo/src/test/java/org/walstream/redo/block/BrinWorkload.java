package org.walstream.redo.block;

import org.walstream.testkit.PostgresServer;

/// Reaches every record type of BRIN.
final class BrinWorkload {

  private BrinWorkload() {}

  static void run(PostgresServer server) {
    summariesThatGrow(server);
    mapOfSeveralPages(server);
  }

  /// Long summaries, three of which fill a page.
  private static void summariesThatGrow(PostgresServer server) {
    server.sql("CREATE TABLE grown (id int, words text)");
    server.sql("ALTER TABLE grown ALTER words SET STORAGE PLAIN");
    server.sql("CREATE INDEX grown_words ON grown USING brin (words) WITH (pages_per_range = 1)");
    server.sql(
        "INSERT INTO grown SELECT g, repeat(chr(97 + g % 26), 1000) FROM generate_series(1, 3000) g");
    server.sql("CREATE INDEX grown_id ON grown USING brin (id) WITH (pages_per_range = 1)");
    server.sql("SELECT brin_summarize_new_values('grown_words')");
    server.sql("UPDATE grown SET words = 'a' WHERE id BETWEEN 200 AND 300");
    server.sql("VACUUM grown");
    server.sql("INSERT INTO grown SELECT g, chr(97 + g % 26) FROM generate_series(3001, 9000) g");
    server.sql("UPDATE grown SET words = repeat('zz', 1000) WHERE id BETWEEN 3001 AND 3500");
    server.sql("VACUUM grown");
    server.sql("UPDATE grown SET id = -id, words = repeat('zzz', 600) WHERE id % 9 = 0");
    server.sql("SELECT brin_desummarize_range('grown_words', 3)");
    server.sql("SELECT brin_desummarize_range('grown_id', 5)");
    server.sql("SELECT brin_summarize_range('grown_words', 3)");
    server.sql("VACUUM grown");
  }

  /// More ranges than a page of the map has, which has to move summaries out of its way.
  private static void mapOfSeveralPages(PostgresServer server) {
    server.sql("CREATE TABLE ranges (id int, t text) WITH (fillfactor = 10)");
    server.sql("CREATE INDEX ranges_id ON ranges USING brin (id) WITH (pages_per_range = 1)");
    server.sql("INSERT INTO ranges SELECT g, repeat('x', 600) FROM generate_series(1, 4500) g");
    server.sql("SELECT brin_summarize_new_values('ranges_id')");
    server.sql("UPDATE ranges SET id = id + 100000 WHERE id % 97 = 0");
    server.sql("VACUUM ranges");
  }
}
