package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.store.check.WalCheck;
import org.walstream.store.check.WalReport;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.SmallFileSystem;

/// A relay whose disk, a real file system, fills up again and again while a primary waits for it
/// with every commit: it stops reading, says so, loses nothing of what it has acknowledged, and
/// goes on by itself when there is space, whether or not it was killed meanwhile.
///
/// `-Dwalstream.test.heavy=true`: ten times, on 200 MB.
@Timeout(900)
class FullDiskIT {

  private static final boolean HEAVY = Boolean.getBoolean("walstream.test.heavy");
  private static final int MEGABYTES = HEAVY ? 200 : 128;
  private static final int ROUNDS = HEAVY ? 10 : 3;

  /// The load of one session.
  private static final class Load {
    private final PostgresServer primary;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final CompletableFuture<Void> done;
    private volatile boolean stopping;

    Load(PostgresServer primary) {
      this.primary = primary;
      done = CompletableFuture.runAsync(this::insert);
    }

    private void insert() {
      try (var connection = primary.jdbc();
          var statement = connection.createStatement()) {
        while (!stopping) {
          int id = acknowledged.get() + 1;
          statement.execute(
              "INSERT INTO t SELECT %d, string_agg(md5(random()::text), '') FROM generate_series(1, 20000)"
                  .formatted(id));
          acknowledged.set(id);
        }
      } catch (SQLException e) {
        throw new CompletionException(e);
      }
    }

    void stop() {
      stopping = true;
      done.join();
    }
  }

  @Test
  void nothingAcknowledgedIsLostHoweverOftenTheDiskIsFull() throws Exception {
    Optional<SmallFileSystem> disk = SmallFileSystem.ofMegabytes(MEGABYTES);
    assumeTrue(disk.isPresent(), SmallFileSystem.MISSING); // no right to mount can be installed
    try (var small = disk.orElseThrow();
        var primary = Relay.primary(18).setting("max_wal_size", "4GB").start();
        var relay =
            Relay.in(small.path(), primary.conninfo())
                .set("wal_keep_size", "0")
                .set("primary_slot_name", "relay")) {
      primary.sql("SELECT pg_create_physical_replication_slot('relay', true)");
      primary.sql("CREATE TABLE t (id int, x text)");
      primary.sql("ALTER TABLE t ALTER x SET STORAGE EXTERNAL");
      CrashProcess process = relay.process();
      process.awaitPrinted("started streaming");
      try (var standby = PostgresServer.standbyOf(primary, relay.conninfo()).start()) {
        primary.set("synchronous_standby_names", "walstream").reload();
        Eventually.holds(
            "the relay is synchronous",
            () ->
                primary
                    .sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
                    .equals("1"));
        var load = new Load(primary);
        for (int round = 1; round <= ROUNDS; round++) {
          holdWal(relay);
          process.awaitPrinted("waiting for space");
          assertNothingIsWrong(relay);
          int before = load.acknowledged.get();
          if (round % 3 == 0) {
            process.kill9();
            process.close();
            process = relay.process();
            process.awaitPrinted("waiting for space");
          }
          letGo(relay);
          int much = before + 20;
          Eventually.holds(
              "round %d: commits go on".formatted(round), () -> load.acknowledged.get() > much);
          // What it has printed so far is not what the next round waits for.
          CrashProcess old = process;
          old.signal("TERM");
          old.awaitExit();
          old.close();
          process = relay.process();
          process.awaitPrinted("started streaming");
        }
        load.stop();
        assertNothingIsWrong(relay);
        String end = primary.sql("SELECT max(flush_lsn) FROM pg_stat_replication");
        primary.kill9();
        Eventually.holds(
            "the standby has all that the relay acknowledged",
            () ->
                standby.sql("SELECT pg_last_wal_replay_lsn() >= '%s'".formatted(end)).equals("t"));
        assertThat(standby.sql("SELECT count(DISTINCT id) FROM t"))
            .isEqualTo(Integer.toString(load.acknowledged.get()));
      } finally {
        process.close();
      }
    }
  }

  /// What is being written while it is looked at may seem broken at its end, and only then.
  private static void assertNothingIsWrong(Relay relay) {
    Eventually.holds("all that is on the disk is whole", () -> problems(relay).isEmpty());
  }

  /// What is wrong with what is on the disk now.
  private static List<Object> problems(Relay relay) throws Exception {
    WalReport report = WalCheck.run(relay.walDirectory(), false, 2);
    return Stream.<Object>concat(report.gaps().stream(), report.damages().stream()).toList();
  }

  /// A slot that nobody reads keeps everything from now on.
  private static void holdWal(Relay relay) throws Exception {
    try (var client = relay.connect()) {
      client.query("CREATE_REPLICATION_SLOT \"away\" PHYSICAL (RESERVE_WAL)");
      client.terminate();
    }
  }

  private static void letGo(Relay relay) throws Exception {
    try (var client = relay.connect()) {
      client.query("DROP_REPLICATION_SLOT \"away\"");
      client.terminate();
    }
  }
}
