package org.walstream.redo.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.redo.RedoProfile;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.Rmgr;

/// Pages of indexes as we redo them and as a server does that has crashed: every byte but the
/// checksum, also those that the masks of `wal_consistency_checking` hide.
@Timeout(600)
class IndexRecoveryIT {

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void pagesAreThoseOfAServerThatHasRecovered(int major) throws Exception {
    try (var server =
        PostgresServer.builder(major)
            .setting("autovacuum", "off")
            .setting("checkpoint_timeout", "1h")
            .setting("max_wal_size", "16GB")
            .setting("wal_keep_size", "16GB")
            .start()) {
      server.sql("CHECKPOINT");
      String start = server.sql("SELECT redo_lsn FROM pg_control_checkpoint()");
      GinWorkload.run(server);
      GistWorkload.run(server);
      SpgistWorkload.run(server);
      BrinWorkload.run(server);
      server.kill9();
      server.start();
      List<Index> indexes = indexes(server);
      server.stopFast();

      var profile = RedoProfile.newest(WalFormat.valueOf("PG_" + major));
      var known = EnumSet.of(Rmgr.GIN, Rmgr.GIST, Rmgr.SPGIST, Rmgr.BRIN);
      var replay = new MemoryReplay(profile, false, known);
      ServerWal.read(server.walDirectory(), start, replay::redo);
      assertThat(replay.wrong).isEmpty();
      assertThat(indexes).hasSizeGreaterThan(12);
      for (Index index : indexes) {
        compare(index, server.dataDirectory().resolve(index.path), replay);
      }
    }
  }

  private record Index(String name, RelFileLocator locator, String path) {}

  private static List<Index> indexes(PostgresServer server) {
    String rows =
        server.sql(
            "SELECT string_agg(format('%s %s %s %s', c.relname, d.oid, pg_relation_filenode(c.oid),"
                + " pg_relation_filepath(c.oid)), ',')"
                + " FROM pg_class c JOIN pg_am a ON a.oid = c.relam, pg_database d"
                + " WHERE a.amname IN ('gin', 'gist', 'spgist', 'brin') AND c.relkind = 'i'"
                + " AND d.datname = current_database()");
    var indexes = new ArrayList<Index>();
    for (String row : rows.split(",")) {
      String[] columns = row.split(" ");
      int database = Integer.parseInt(columns[1]);
      int relation = Integer.parseInt(columns[2]);
      indexes.add(new Index(columns[0], new RelFileLocator(1663, database, relation), columns[3]));
    }
    return indexes;
  }

  private static void compare(Index index, Path path, MemoryReplay replay) throws IOException {
    byte[] file = Files.readAllBytes(path);
    assertThat(file).as(index.name).isNotEmpty();
    for (int block = 0; block < file.length / PAGE_BYTES; block++) {
      byte[] theirs = Arrays.copyOfRange(file, block * PAGE_BYTES, (block + 1) * PAGE_BYTES);
      byte[] ours = replay.page(index.locator, 0, block);
      if (ours == null) {
        ours = new byte[PAGE_BYTES]; // The file grew, and the page was never used.
      }
      clearChecksum(ours);
      clearChecksum(theirs);
      int differs = Arrays.mismatch(ours, theirs);
      assertThat(differs)
          .as("index %s, block %d: first byte that differs", index.name, block)
          .isEqualTo(-1);
    }
  }

  /// A page gets it when it is written; PostgreSQL 18 has them unless told otherwise.
  private static void clearChecksum(byte[] page) {
    page[8] = 0;
    page[9] = 0;
  }
}
