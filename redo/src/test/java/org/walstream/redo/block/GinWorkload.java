package org.walstream.redo.block;

import org.walstream.testkit.PostgresServer;

/// Reaches every record type of GIN.
final class GinWorkload {

  private GinWorkload() {}

  static void run(PostgresServer server) {
    listOfThePending(server);
    entriesAndTrees(server);
    entriesOnManyLevels(server);
    treeThatLosesLeaves(server);
  }

  /// Tuples that fit on the last page of the list, more than fit, and all of it put in its place.
  private static void listOfThePending(PostgresServer server) {
    server.sql("CREATE TABLE pending (id int, a int[])");
    server.sql("CREATE INDEX pending_a ON pending USING gin (a) WITH (fastupdate = on)");
    server.sql("INSERT INTO pending SELECT g, ARRAY[1, g % 10, g] FROM generate_series(1, 5000) g");
    server.sql(
        "INSERT INTO pending SELECT g, (SELECT array_agg(i) FROM generate_series(1, 3000) i)"
            + " FROM generate_series(1, 3) g");
    server.sql("SELECT gin_clean_pending_list('pending_a')");
    server.sql("INSERT INTO pending SELECT g, ARRAY[1, g % 10, g] FROM generate_series(1, 500) g");
    server.sql("VACUUM pending");
  }

  private static void entriesAndTrees(PostgresServer server) {
    server.sql("CREATE TABLE entries (a int[], t tsvector)");
    server.sql("CREATE INDEX entries_a ON entries USING gin (a) WITH (fastupdate = off)");
    server.sql("CREATE INDEX entries_t ON entries USING gin (t) WITH (fastupdate = off)");
    String insert =
        "INSERT INTO entries SELECT ARRAY[g % 2, g % 100, g], to_tsvector('simple', 'w' || g % 5 || ' y' || g)"
            + " FROM generate_series(1, 6000) g";
    server.sql(insert);
    server.sql("DELETE FROM entries WHERE a[2] % 3 = 0");
    server.sql("VACUUM entries");
    server.sql(insert); // among the TIDs that are left
    server.sql("DELETE FROM entries WHERE a[2] = 7 OR ctid < '(100,1)'");
    server.sql("VACUUM entries");
    server.sql("DELETE FROM entries");
    server.sql("VACUUM entries");
  }

  /// Three of these entries fill a page.
  private static void entriesOnManyLevels(PostgresServer server) {
    server.sql("CREATE TABLE levels (words text[])");
    server.sql("CREATE INDEX levels_words ON levels USING gin (words) WITH (fastupdate = off)");
    server.sql(
        "INSERT INTO levels SELECT ARRAY[(SELECT string_agg(md5(g || '.' || i), '')"
            + " FROM generate_series(1, 70) i)] FROM generate_series(1, 300) g");
  }

  /// One entry whose tree loses leaves, and gets others in between.
  private static void treeThatLosesLeaves(PostgresServer server) {
    server.sql("CREATE TABLE leaves (a int[]) WITH (fillfactor = 30)");
    server.sql("INSERT INTO leaves SELECT '{1}' FROM generate_series(1, 150000)");
    server.sql("CREATE INDEX leaves_a ON leaves USING gin (a) WITH (fastupdate = off)");
    server.sql("DELETE FROM leaves WHERE ctid < '(2500,0)' AND ctid > '(300,0)'");
    server.sql("VACUUM leaves");
    server.sql("INSERT INTO leaves SELECT '{1}' FROM generate_series(1, 30000)");
    server.sql("DELETE FROM leaves WHERE ctid < '(1000,0)'");
    server.sql("VACUUM leaves");
  }
}
