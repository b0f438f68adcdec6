package org.walstream.redo.slru;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.storage.DataFiles.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.file.FileLayer;
import org.walstream.redo.storage.DataFiles;
import org.walstream.testkit.PostgresServer;

/// What a server has written into its SLRUs is found where we look for it.
class SlruFilesIT {

  private static final int COMMITTED = 1;
  private static final int ABORTED = 2;

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void entriesAreWhereTheServerPutsThem(int major) throws Exception {
    try (var server =
            PostgresServer.builder(major)
                .setting("track_commit_timestamp", "on")
                .setting("autovacuum", "off")
                .start();
        var files = new DataFiles(FileLayer.system(), 5)) {
      server.sql("CREATE TABLE t (id int)");
      // Onto the second page of pg_xact and into the second file of commit times.
      useUpTransactions(server, 40_000);
      int committed = insert(server, true);
      int aborted = insert(server, false);
      String time =
          server.sql(
              """
              SELECT ((extract(epoch FROM pg_xact_commit_timestamp('%s'::xid)) - 946684800)
                      * 1000000)::int8
              """
                  .formatted(Integer.toUnsignedString(committed)));
      int multixact = makeMultixact(server);
      server.sql("CHECKPOINT");

      assertThat(statusOf(committed, server, files)).isEqualTo(COMMITTED);
      assertThat(statusOf(aborted, server, files)).isEqualTo(ABORTED);
      ByteBuffer times = page(server, files, SlruDirectory.COMMIT_TS, committed);
      assertThat(times.getLong(SlruDirectory.COMMIT_TS.entryOf(committed) * 10)).hasToString(time);
      ByteBuffer offsets = page(server, files, SlruDirectory.MULTIXACT_OFFSET, multixact);
      int offset = offsets.getInt(SlruDirectory.MULTIXACT_OFFSET.entryOf(multixact) * 4);
      assertThat(offset).isPositive();
      page(server, files, SlruDirectory.MULTIXACT_MEMBER, offset);
      everyFileHasANameWeKnow(server);
    }
  }

  private static int statusOf(int transaction, PostgresServer server, DataFiles files)
      throws IOException {
    ByteBuffer page = page(server, files, SlruDirectory.XACT, transaction);
    int entry = SlruDirectory.XACT.entryOf(transaction);
    return (page.get(entry / 4) >> (entry % 4 * 2)) & 3;
  }

  private static ByteBuffer page(
      PostgresServer server, DataFiles files, SlruDirectory slru, int number) throws IOException {
    var slruFiles = new SlruFiles(files, server.dataDirectory(), slru);
    ByteBuffer page = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(slruFiles.hasPage(slru.pageOf(number))).as("%s has %d", slru, number).isTrue();
    assertThat(slruFiles.readPage(slru.pageOf(number), page)).isTrue();
    return page;
  }

  private static void everyFileHasANameWeKnow(PostgresServer server) throws IOException {
    for (SlruDirectory slru : SlruDirectory.values()) {
      var names = FileLayer.system().list(server.dataDirectory().resolve(slru.directory()));
      assertThat(names).as(slru.directory()).isNotEmpty();
      for (String name : names) {
        SlruSegment segment = Objects.requireNonNull(SlruSegment.parse(name), name);
        assertThat(segment.fileName()).isEqualTo(name);
      }
    }
  }

  private static void useUpTransactions(PostgresServer server, int count) throws SQLException {
    try (var connection = server.jdbc();
        var sql = connection.createStatement()) {
      sql.execute("SET synchronous_commit = off");
      sql.execute(
          """
          DO $$ BEGIN
            FOR i IN 1..%d LOOP
              PERFORM pg_current_xact_id();
              COMMIT;
            END LOOP;
          END $$
          """
              .formatted(count));
    }
  }

  private static int insert(PostgresServer server, boolean commit) throws SQLException {
    try (var connection = server.jdbc();
        var sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      try (var row = sql.executeQuery("INSERT INTO t VALUES (1) RETURNING pg_current_xact_id()")) {
        row.next();
        int transaction = (int) Long.parseLong(row.getString(1));
        if (commit) {
          connection.commit();
        } else {
          connection.rollback();
        }
        return transaction;
      }
    }
  }

  /// Two sessions share a row, twice, so that members do not begin at the first.
  private static int makeMultixact(PostgresServer server) throws SQLException {
    int multixact = 0;
    for (int round = 0; round < 2; round++) {
      try (var one = server.jdbc();
          var other = server.jdbc();
          var first = one.createStatement();
          var second = other.createStatement()) {
        one.setAutoCommit(false);
        other.setAutoCommit(false);
        first.execute("SELECT FROM t FOR SHARE");
        second.execute("SELECT FROM t FOR SHARE");
        try (var row = second.executeQuery("SELECT max(xmax::text::int8) FROM t")) {
          row.next();
          multixact = (int) row.getLong(1);
        }
        one.commit();
        other.commit();
      }
    }
    return multixact;
  }
}
