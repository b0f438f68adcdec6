package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.walstream.file.FileLayer;
import org.walstream.redo.DirectoryComparison;
import org.walstream.redo.RecoveryCoverage;
import org.walstream.redo.TestedVersions;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.rmgr.Rmgr;

/// What no statement alone makes a server write: a million transactions make files of transactions
/// old, settings that standbys must follow change, a crash takes the end of a record with it, a
/// promotion begins another timeline. All of it replayed by a real standby and by us: the same
/// files, byte for byte.
@Timeout(900)
class RareRecordsIT {

  @ParameterizedTest
  @MethodSource(TestedVersions.OF_LONG_TESTS)
  void isRedoneAsARealStandbyDoesIt(int major) throws Exception {
    try (var primary = ReplayIT.primary(major);
        var scratch = ScratchDirectory.create("rare")) {
      primary.start();
      // It follows at the end: while the primary loses WAL, nobody may have had it.
      try (var standby =
          PostgresServer.standbyOf(primary, primary.conninfo())
              .setting("hot_standby", "off")
              .create()) {
        Path ours = scratch.path().resolve("ours");
        ReplayCrashIT.copy(standby.dataDirectory(), ours);
        long startLsn = ReplayIT.backupLsn(ours);

        lockInCommon(primary);
        useUpTransactions(primary, 1_100_000);
        lockInCommon(primary);
        freezeEverything(primary);
        writePagesOrNot(primary);
        primary.set("max_connections", "120").restart();
        loseTheEndOfARecord(primary);
        promote(primary);
        standby.spawn();
        ReplayIT.stopBoth(primary, standby);

        var wal = new WalDirectoryForTest(primary.walDirectory(), history(primary, 2));
        var options = RecoveryOptions.of(ours);
        var factory = new ParallelReplay(4 << 20, 2, false);
        var end = new Recovery(FileLayer.system(), options, wal, factory, new HeardWords()).run();

        assertThat(end.timeline()).isEqualTo(2);
        assertThat(DirectoryComparison.differences(ours, standby.dataDirectory())).isEmpty();
        RecoveryCoverage.check(
            major,
            RecoveryCoverage.Way.RARE,
            EnumSet.allOf(Rmgr.class),
            ReplayIT.seen(wal, startLsn));
      }
    }
  }

  /// Two transactions lock a row: a multixact.
  private static void lockInCommon(PostgresServer server) throws Exception {
    server.sql("CREATE TABLE IF NOT EXISTS locked (id int PRIMARY KEY)");
    server.sql("INSERT INTO locked VALUES (1) ON CONFLICT DO NOTHING");
    try (var one = server.jdbc();
        var other = server.jdbc()) {
      for (var connection : List.of(one, other)) {
        connection.setAutoCommit(false);
        try (var sql = connection.createStatement()) {
          sql.execute("SELECT * FROM locked FOR KEY SHARE");
        }
      }
      one.commit();
      other.commit();
    }
  }

  private static void useUpTransactions(PostgresServer server, int count) {
    server.sql("ALTER SYSTEM SET synchronous_commit = off");
    server.reload();
    server.sql(
        """
        DO $$
        BEGIN
          FOR i IN 1..%d LOOP
            PERFORM pg_current_xact_id();
            COMMIT;
          END LOOP;
        END $$\
        """
            .formatted(count));
    server.sql("ALTER SYSTEM RESET synchronous_commit");
    server.reload();
  }

  /// Lets the oldest transactions be forgotten: of pg_xact, pg_commit_ts and pg_multixact.
  private static void freezeEverything(PostgresServer server) throws Exception {
    server.sql("UPDATE pg_database SET datallowconn = true WHERE datname = 'template0'");
    for (String database : List.of("template0", "template1", "postgres")) {
      String url = server.jdbcUrl().replace("/postgres?", "/" + database + "?");
      try (var connection = DriverManager.getConnection(url, "postgres", "");
          var sql = connection.createStatement()) {
        sql.execute("VACUUM (FREEZE)");
      }
    }
  }

  private static void writePagesOrNot(PostgresServer server) {
    for (String value : List.of("off", "on")) {
      server.sql("ALTER SYSTEM SET full_page_writes = " + value);
      server.reload();
      Eventually.holds(
          "the checkpointer knows",
          () -> {
            server.sql("CHECKPOINT");
            return server
                .sql("SELECT full_page_writes FROM pg_control_checkpoint()")
                .equals(value.equals("on") ? "t" : "f");
          });
    }
  }

  /// A crash in the midst of a long record: its end is taken from the file.
  private static void loseTheEndOfARecord(PostgresServer server) throws IOException {
    long start = Lsn.parse(server.sql("SELECT pg_current_wal_insert_lsn()")).value();
    server.sql("SELECT pg_logical_emit_message(false, 'lost', repeat('x', 100000))");
    server.sql("CREATE TABLE before_the_crash (id int)"); // Its commit flushes both.
    server.kill9();
    long cut = (start & -8192) + 2 * 8192;
    var segment = WalSegmentName.containing(TimelineId.FIRST, cut, WalSegmentSize.DEFAULT);
    Path path = server.walDirectory().resolve(segment.fileName());
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(cut - segment.startLsn());
      file.write(new byte[(int) (segment.endLsn() - cut)]);
    }
    server.start();
    server.sql("CREATE TABLE after_the_crash (id int)");
  }

  private static void promote(PostgresServer server) throws IOException {
    server.stopFast();
    Files.createFile(server.dataDirectory().resolve("standby.signal"));
    server.start();
    server.promote();
    server.sql("CREATE TABLE on_the_new_timeline (id int)");
  }

  private static TimelineHistory history(PostgresServer server, int timeline) throws IOException {
    var id = new TimelineId(timeline);
    return TimelineHistory.parse(
        id, Files.readAllBytes(server.walDirectory().resolve(id.historyFileName())));
  }
}
