package org.walstream.redo.block;

import java.util.List;
import org.walstream.testkit.PostgresServer;

/// Everything that a B-tree's log can tell of.
final class BtreeWorkload {

  static final List<String> INDEXES = List.of("b_k", "wide_k", "churn_k", "churn_pkey");

  private BtreeWorkload() {}

  /// The tables; their indexes are made by [#run], as a tree's first pages are told of, too.
  static void create(PostgresServer server) {
    server.sql("CREATE TABLE b (k int, v int)");
    server.sql("CREATE TABLE wide (k text)");
    server.sql("CREATE TABLE churn (id int PRIMARY KEY, k int, v int) WITH (fillfactor = 100)");
    server.sql("CREATE INDEX churn_k ON churn (k)");
  }

  static void run(PostgresServer server) {
    splitAndMerge(server);
    deleteDeadOnes(server);
    deleteInnerPages(server);
    churn(server);
  }

  /// Splits at both ends and between; posting lists that come, split and lose some of their rows.
  private static void splitAndMerge(PostgresServer server) {
    server.sql("CREATE INDEX b_k ON b (k)");
    server.sql("INSERT INTO b SELECT g, 1 FROM generate_series(1, 30000) g");
    server.sql("INSERT INTO b SELECT -g, 1 FROM generate_series(1, 5000) g");
    server.sql("INSERT INTO b SELECT g % 20000, 2 FROM generate_series(1, 30000, 7) g");
    server.sql("INSERT INTO b SELECT 777, g FROM generate_series(1, 3000) g");
    server.sql("INSERT INTO b SELECT g / 40, g FROM generate_series(1, 20000) g");
    server.sql("DELETE FROM b WHERE v % 3 = 0");
    server.sql("VACUUM b");
    server.sql("INSERT INTO b SELECT 777, g FROM generate_series(1, 1000) g");
    server.sql("INSERT INTO b SELECT g / 40, g FROM generate_series(1, 20000) g");
    server.sql("DELETE FROM b WHERE k BETWEEN 1000 AND 19000");
    server.sql("VACUUM b");
  }

  /// A scan marks what it found dead, and who needs room removes it.
  private static void deleteDeadOnes(PostgresServer server) {
    server.sql("DELETE FROM b WHERE k BETWEEN 20000 AND 20300 OR (k < 900 AND v % 2 = 0)");
    server.sql(
        "SET enable_seqscan = off; SET enable_bitmapscan = off;"
            + " SELECT sum(v) FROM b WHERE k BETWEEN 20000 AND 20300;"
            + " SELECT sum(v) FROM b WHERE k < 900");
    server.sql("INSERT INTO b SELECT 20000 + g % 300, 3 FROM generate_series(1, 1000) g");
    server.sql("INSERT INTO b SELECT g % 900, 3 FROM generate_series(1, 30000) g");
    server.sql("VACUUM b");
  }

  /// Long keys make trees of several levels, which then become empty; and grow again from their
  /// fast root.
  private static void deleteInnerPages(PostgresServer server) {
    server.sql("INSERT INTO b SELECT g, 4 FROM generate_series(40000, 60000) g");
    server.sql("DELETE FROM b");
    server.sql("VACUUM b");
    server.sql("INSERT INTO b SELECT g, 5 FROM generate_series(1, 20000) g");
    server.sql("ALTER TABLE wide ALTER k SET STORAGE PLAIN");
    server.sql("CREATE INDEX wide_k ON wide (k)");
    server.sql(
        "INSERT INTO wide SELECT lpad(md5(g::text), 1500, md5((g * 7)::text))"
            + " FROM generate_series(1, 2000) g");
    server.sql("DELETE FROM wide WHERE k BETWEEN '2' AND 'c'");
    server.sql("VACUUM wide");
    server.sql(
        "INSERT INTO wide SELECT lpad(md5(g::text), 1500, md5((g * 7)::text))"
            + " FROM generate_series(2001, 2500) g");
    server.sql("DELETE FROM wide");
    server.sql("VACUUM wide");
    server.sql(
        "INSERT INTO wide SELECT lpad(md5(g::text), 1500, md5((g * 7)::text))"
            + " FROM generate_series(1, 1000) g");
  }

  /// Updates that change another index leave equal tuples in this one: bottom-up deletion.
  private static void churn(PostgresServer server) {
    server.sql("INSERT INTO churn SELECT g, g % 100, 0 FROM generate_series(1, 3000) g");
    for (int round = 0; round < 12; round++) {
      server.sql("UPDATE churn SET k = k + 1");
    }
    server.sql("DELETE FROM churn WHERE id % 2 = 0");
    server.sql("VACUUM churn");
  }
}
