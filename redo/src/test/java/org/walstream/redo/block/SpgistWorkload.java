package org.walstream.redo.block;

import org.walstream.testkit.PostgresServer;

/// Reaches every record type of SP-GiST.
final class SpgistWorkload {

  private SpgistWorkload() {}

  static void run(PostgresServer server) {
    points(server);
    words(server);
    prefixThatGetsShorter(server);
    built(server);
  }

  private static void points(PostgresServer server) {
    server.sql("CREATE TABLE points (id int, p point)");
    server.sql("CREATE INDEX points_quad ON points USING spgist (p)");
    server.sql("CREATE INDEX points_kd ON points USING spgist (p kd_point_ops)");
    server.sql("INSERT INTO points SELECT g, point(g, g) FROM generate_series(1, 20) g");
    server.sql("DELETE FROM points WHERE id % 2 = 0");
    server.sql("VACUUM points");
    String insert =
        "INSERT INTO points SELECT g, point(g * 7919 % 10007, g * 104729 % 10009)"
            + " FROM generate_series(1, 8000) g";
    server.sql(insert);
    server.sql("DELETE FROM points WHERE id % 3 = 0");
    server.sql("VACUUM points");
    server.sql("INSERT INTO points SELECT g, NULL FROM generate_series(1, 1000) g");
    server.sql(insert);
    server.sql("DELETE FROM points WHERE p[0]::int % 5 > 0 OR p IS NULL");
    server.sql("VACUUM points");
    server.sql("SELECT pg_current_xact_id()");
    server.sql("VACUUM points"); // finds redirections that nobody needs any more
    server.sql(insert);
  }

  private static void words(PostgresServer server) {
    server.sql("CREATE TABLE words (id int, t text)");
    server.sql("CREATE INDEX words_t ON words USING spgist (t)");
    server.sql(
        "INSERT INTO words SELECT g, repeat('a', g % 40) || md5(g::text) FROM generate_series(1, 5000) g");
    server.sql("INSERT INTO words SELECT g, 'common/prefix/' || g FROM generate_series(1, 3000) g");
    server.sql(
        "INSERT INTO words SELECT g, 'common/other/' || chr(32 + g % 90) || g"
            + " FROM generate_series(1, 3000) g");
    server.sql(
        "INSERT INTO words SELECT g, chr(33 + g % 90) || chr(33 + g / 90 % 90) || g"
            + " FROM generate_series(1, 6000) g");
    server.sql("DELETE FROM words WHERE id % 3 > 0");
    server.sql("VACUUM words");
    server.sql("SELECT pg_current_xact_id()");
    server.sql("VACUUM words");
    server.sql(
        "INSERT INTO words SELECT g, repeat('ab', g % 100) || g FROM generate_series(1, 3000) g");
  }

  /// The root has a prefix, and no room for a tuple beside it.
  private static void prefixThatGetsShorter(PostgresServer server) {
    server.sql("CREATE TABLE prefix (t text)");
    server.sql("CREATE INDEX prefix_t ON prefix USING spgist (t)");
    server.sql("INSERT INTO prefix SELECT 'common/prefix/' || g FROM generate_series(1, 2000) g");
    server.sql("INSERT INTO prefix VALUES ('common/other'), ('common'), ('com/other'), ('other')");
  }

  /// Nobody needs redirections of an index that is being built.
  private static void built(PostgresServer server) {
    server.sql("CREATE INDEX words_built ON words USING spgist (t)");
    server.sql("CREATE INDEX points_built ON points USING spgist (p)");
  }
}
