package org.walstream.redo.block;

import org.walstream.testkit.PostgresServer;

/// Reaches every record type of GiST that changes pages.
final class GistWorkload {

  private GistWorkload() {}

  static void run(PostgresServer server) {
    pagesThatComeAndGo(server);
    pagesOfFewTuples(server);
    tuplesFoundDead(server);
  }

  /// Pages that split, up to the root, empty, go and come again.
  private static void pagesThatComeAndGo(PostgresServer server) {
    server.sql("CREATE TABLE pages (id int, p point, b box)");
    server.sql("CREATE INDEX pages_p ON pages USING gist (p)");
    server.sql("CREATE INDEX pages_b ON pages USING gist (b)");
    String insert =
        "INSERT INTO pages SELECT g, point(g % 77, g / 77),"
            + " box(point(g % 77, g / 77), point(g % 77 + 1, g / 77 + 1))"
            + " FROM generate_series(1, 12000) g";
    server.sql(insert);
    server.sql("DELETE FROM pages WHERE id BETWEEN 1000 AND 11000");
    server.sql("VACUUM pages");
    server.sql("SELECT pg_current_xact_id()");
    server.sql("VACUUM pages"); // finds the deleted pages to be used again
    server.sql(insert);
    server.sql("DELETE FROM pages");
    server.sql("VACUUM pages");
  }

  /// Keys so long that three fill a page, of which one insertion makes more than two.
  private static void pagesOfFewTuples(PostgresServer server) {
    server.sql("CREATE TABLE wide (t tsvector)");
    server.sql("CREATE INDEX wide_t ON wide USING gist (t tsvector_ops (siglen = 2000))");
    server.sql(
        "INSERT INTO wide SELECT (SELECT to_tsvector('simple', string_agg('w' || i * g % 997, ' '))"
            + " FROM generate_series(1, g % 60 + 1) i) FROM generate_series(1, 400) g");
  }

  /// An index scan marks dead what it finds dead; the next insertion on the page removes it. Replay
  /// then notes on the page that tuples were deleted, and the server that removed them does not:
  /// VACUUM has done so on all pages before.
  private static void tuplesFoundDead(PostgresServer server) {
    server.sql("CREATE TABLE dead (id int, p point)");
    server.sql("CREATE INDEX dead_p ON dead USING gist (p)");
    server.sql("INSERT INTO dead SELECT g, point(g % 20, g / 20) FROM generate_series(1, 3000) g");
    server.sql("DELETE FROM dead WHERE id % 4 = 1");
    server.sql("VACUUM dead");
    server.sql("DELETE FROM dead WHERE id % 4 > 1");
    server.sql(
        "SET enable_seqscan = off; SET enable_bitmapscan = off;"
            + " SELECT count(*) FROM dead WHERE p <@ box '((0,0),(20,200))'");
    server.sql("INSERT INTO dead SELECT g, point(g % 20, g / 20) FROM generate_series(1, 3000) g");
  }
}
