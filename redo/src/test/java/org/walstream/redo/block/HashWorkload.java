package org.walstream.redo.block;

import java.util.List;
import org.walstream.testkit.PostgresServer;

/// Everything that a hash index's log can tell of, but for a second bitmap: that takes 32768
/// overflow pages.
final class HashWorkload {

  static final List<String> INDEXES = List.of("h_k", "many_k");

  private HashWorkload() {}

  static void create(PostgresServer server) {
    server.sql("CREATE TABLE h (k int, v int)");
    server.sql("CREATE TABLE many (k int)");
    server.sql("INSERT INTO many SELECT g FROM generate_series(1, 30000) g");
    server.sql("ANALYZE many");
  }

  static void run(PostgresServer server) {
    build(server);
    change(server);
  }

  static void build(PostgresServer server) {
    server.sql("CREATE INDEX many_k ON many USING hash (k) WITH (fillfactor = 10)");
    server.sql("CREATE INDEX h_k ON h USING hash (k)");
    server.sql("INSERT INTO h SELECT g, 1 FROM generate_series(1, 20000) g");
  }

  static void change(PostgresServer server) {
    server.sql("INSERT INTO many SELECT g FROM generate_series(30001, 45000) g");
    squeeze(server);
    removeDeadOnes(server);
    cleanUpAfterSplits(server);
  }

  /// Buckets with many overflow pages, whose tuples move forward when some have gone.
  private static void squeeze(PostgresServer server) {
    server.sql("INSERT INTO h SELECT 5, g FROM generate_series(1, 8000) g");
    server.sql("INSERT INTO h SELECT 6, g FROM generate_series(1, 8000) g");
    server.sql("DELETE FROM h WHERE k = 5 AND v % 4 <> 0");
    server.sql("DELETE FROM h WHERE k = 6 AND v BETWEEN 1000 AND 3000");
    server.sql("VACUUM h");
    server.sql("DELETE FROM h WHERE k = 5 AND v % 8 <> 0");
    server.sql("DELETE FROM h WHERE k = 6");
    server.sql("VACUUM h");
    server.sql("INSERT INTO h SELECT 7, g FROM generate_series(1, 8000) g");
  }

  /// A scan marks what it found dead, and who needs room removes it.
  private static void removeDeadOnes(PostgresServer server) {
    server.sql("DELETE FROM h WHERE k % 2 = 0");
    server.sql(
        "SET enable_seqscan = off; SET enable_bitmapscan = off;"
            + " SELECT sum((SELECT count(*) FROM h WHERE h.k = g)) FROM generate_series(1, 20000) g");
    server.sql("INSERT INTO h SELECT g % 20000, 3 FROM generate_series(1, 20000) g");
    server.sql("VACUUM h");
  }

  /// Splits leave their tuples in the old bucket, too, until VACUUM or the next split comes by.
  private static void cleanUpAfterSplits(PostgresServer server) {
    server.sql("INSERT INTO h SELECT g, 2 FROM generate_series(20001, 60000) g");
    server.sql("DELETE FROM h WHERE k % 3 = 0");
    server.sql("VACUUM h");
    server.sql("INSERT INTO h SELECT g, 2 FROM generate_series(60001, 70000) g");
  }
}
