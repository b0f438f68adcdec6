package org.walstream.redo.page;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.block.MemoryReplay;
import org.walstream.redo.block.ServerWal;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.Rmgr;

/// Pages that our functions make of a server's WAL, against those that the server made itself.
@Timeout(600)
class HeapReplayIT {

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

      var replay = replay(major);
      ServerWal.read(server.walDirectory(), start, replay::redo);

      assertThat(replay.redone.get("Heap/INSERT")).isGreaterThan(4000);
      MemorySegment expected = ServerPages.read(file);
      for (int block = 0; block < ServerPages.count(expected); block++) {
        MemorySegment page = page(replay, file, block);
        checksum.put(page, 0, block);
        assertSame(page, expected, block);
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
      var replay = replay(major);
      MemorySegment before = ServerPages.read(file);
      for (int block = 0; block < ServerPages.count(before); block++) {
        byte[] page = before.asSlice(ServerPages.page(block), PAGE_BYTES).toArray(JAVA_BYTE);
        replay.put(relation(file), 0, block, page);
      }
      String start = insertLsn(server);
      server.sql("VACUUM (FREEZE off) t");
      server.sql("CHECKPOINT");
      server.stopFast();

      ServerWal.read(server.walDirectory(), start, replay::redo);

      boolean atOnce = WalFormat.valueOf("PG_" + major).prunesAndFreezesAtOnce();
      String pruned = atOnce ? "Heap2/PRUNE_VACUUM_SCAN" : "Heap2/PRUNE";
      assertThat(replay.redone.get(pruned)).isGreaterThan(20);
      String vacuumed = atOnce ? "Heap2/PRUNE_VACUUM_CLEANUP" : "Heap2/VACUUM";
      assertThat(replay.redone.get(vacuumed)).isGreaterThan(20);
      MemorySegment expected = ServerPages.read(file);
      for (int block = 0; block < ServerPages.count(expected); block++) {
        MemorySegment page = page(replay, file, block);
        mask(page, 0);
        mask(expected, ServerPages.page(block));
        assertSame(page, expected, block);
      }
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

  private static MemoryReplay replay(int major) {
    var profile = RedoProfile.newest(WalFormat.valueOf("PG_" + major));
    return new MemoryReplay(profile, false, EnumSet.of(Rmgr.HEAP, Rmgr.HEAP2));
  }

  private static MemorySegment page(MemoryReplay replay, Path file, int block) {
    byte[] page = replay.page(relation(file), 0, block);
    return MemorySegment.ofArray(Objects.requireNonNull(page, "no record has told of it"));
  }

  /// Of a file that ends as `base/5/16384` does.
  private static RelFileLocator relation(Path file) {
    int count = file.getNameCount();
    int database = Integer.parseInt(file.getName(count - 2).toString());
    return new RelFileLocator(1663, database, Integer.parseInt(file.getName(count - 1).toString()));
  }

  private static void mask(MemorySegment pages, long page) {
    PageMask.lsnAndChecksum(pages, page);
    PageMask.hintBits(pages, page);
  }

  private static void assertSame(MemorySegment ours, MemorySegment servers, int block) {
    long page = ServerPages.page(block);
    assertThat(MemorySegment.mismatch(ours, 0, PAGE_BYTES, servers, page, page + PAGE_BYTES))
        .as("first byte that differs in block %d", block)
        .isEqualTo(-1);
  }
}
