package org.walstream.redo.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.PostgresServer;

/// Pages that our functions make of a server's WAL, against those that the server made itself.
@Timeout(180)
class HeapReplayIT {

  /// More than any table here.
  private static final int POOL_PAGES = 1000;

  private final PageChecksum checksum = new PageChecksum();

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void pagesThatOnlySawInsertionsAreTheServers(int major) throws Exception {
    try (var server = PostgresServer.builder(major).initdb("--data-checksums").start()) {
      createTable(server);
      String start = insertLsn(server);
      insert(server);
      Path file = tableFile(server);
      server.sql("CHECKPOINT");
      server.stopFast();

      var replay = new HeapReplay(newPool(), relNumber(file));
      ServerWal.read(server.walDirectory(), start, replay::redo);

      assertThat(replay.inserted).isEqualTo(5000);
      MemorySegment expected = ServerPages.read(file);
      for (int block = 0; block < ServerPages.count(expected); block++) {
        checksum.put(replay.pages, ServerPages.page(block), block);
        assertSame(replay.pages, expected, block);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void pagesThatWerePrunedAreTheServersHoleIncluded(int major) throws Exception {
    try (var server = PostgresServer.builder(major).setting("full_page_writes", "off").start()) {
      createTable(server);
      server.sql("CREATE INDEX ON t (id)");
      insert(server);
      leaveSomethingToPrune(server);
      Path file = tableFile(server);
      server.sql("CHECKPOINT");
      var replay = new HeapReplay(newPool(), relNumber(file));
      MemorySegment before = ServerPages.read(file);
      MemorySegment.copy(before, 0, replay.pages, 0, before.byteSize());
      String start = insertLsn(server);
      server.sql("VACUUM (FREEZE off) t");
      server.sql("CHECKPOINT");
      server.stopFast();

      ServerWal.read(server.walDirectory(), start, replay::redo);

      assertThat(replay.pruned).isGreaterThan(20);
      assertThat(replay.vacuumed).isGreaterThan(20);
      MemorySegment expected = ServerPages.read(file);
      for (int block = 0; block < ServerPages.count(expected); block++) {
        mask(replay.pages, block);
        mask(expected, block);
        assertSame(replay.pages, expected, block);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void imagesForConsistencyCheckingAgree(int major) throws Exception {
    try (var server =
        PostgresServer.builder(major).setting("wal_consistency_checking", "heap,heap2").start()) {
      createTable(server);
      server.sql("CREATE INDEX ON t (id)");
      String start = insertLsn(server);
      insert(server);
      leaveSomethingToPrune(server);
      server.sql("VACUUM (FREEZE off) t");
      Path file = tableFile(server);
      server.stopFast();

      var replay = new HeapReplay(newPool(), relNumber(file));
      ServerWal.read(server.walDirectory(), start, replay::redoAndCheck);

      assertThat(replay.inserted).isGreaterThan(4000);
      assertThat(replay.pruned).isGreaterThan(20);
      assertThat(replay.vacuumed).isGreaterThan(20);
      assertThat(replay.checked).isEqualTo(replay.inserted + replay.pruned + replay.vacuumed);
    }
  }

  private static void createTable(PostgresServer server) {
    server.sql(
        "CREATE TABLE t (id int, flag bool, note text, amount numeric, at timestamptz)"
            + " WITH (fillfactor = 85, autovacuum_enabled = off)");
  }

  /// Tuples of many lengths, with nulls and without.
  private static void insert(PostgresServer server) {
    server.sql(
        "INSERT INTO t SELECT i, nullif(i % 3, 0) = 1, left(repeat(md5(i::text), 20), i % 301),"
            + " nullif(i % 13, 0) / 7.0, nullif(now(), now() + (i % 2) * interval '1 day')"
            + " FROM generate_series(1, 5000) i");
  }

  /// An old snapshot keeps everything that follows from being pruned in passing, and a scan sets
  /// the hints that VACUUM would set.
  private static void leaveSomethingToPrune(PostgresServer server) throws SQLException {
    try (var holder = server.jdbc();
        var snapshot = holder.createStatement()) {
      snapshot.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
      snapshot.execute("SELECT 1 FROM t LIMIT 1");
      server.sql("UPDATE t SET note = note || 'longer' WHERE id % 7 = 0"); // HOT where it fits
      server.sql("UPDATE t SET id = -id WHERE id % 11 = 0"); // never HOT
      server.sql("DELETE FROM t WHERE id % 5 = 0 OR id BETWEEN 1000 AND 1500");
      server.sql("SELECT count(*) FROM t");
      snapshot.execute("ROLLBACK");
    }
  }

  private static String insertLsn(PostgresServer server) {
    return server.sql("SELECT pg_current_wal_insert_lsn()");
  }

  private static Path tableFile(PostgresServer server) {
    return server.dataDirectory().resolve(server.sql("SELECT pg_relation_filepath('t')"));
  }

  private static int relNumber(Path file) {
    return Integer.parseInt(file.getFileName().toString());
  }

  private static MemorySegment newPool() {
    return MemorySegment.ofArray(new byte[POOL_PAGES * PAGE_BYTES]);
  }

  private static void mask(MemorySegment pages, int block) {
    PageMask.lsnAndChecksum(pages, ServerPages.page(block));
    PageMask.hintBits(pages, ServerPages.page(block));
  }

  private static void assertSame(MemorySegment ours, MemorySegment servers, int block) {
    long page = ServerPages.page(block);
    assertThat(
            MemorySegment.mismatch(ours, page, page + PAGE_BYTES, servers, page, page + PAGE_BYTES))
        .as("first byte that differs in block %d", block)
        .isEqualTo(-1);
  }
}
