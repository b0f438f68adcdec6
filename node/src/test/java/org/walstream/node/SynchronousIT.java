package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;

/// A relay as the synchronous standby of its primary: whatever `synchronous_commit` says, a commit
/// waits for that and no more.
@Timeout(600)
class SynchronousIT {

  @ParameterizedTest
  @ValueSource(strings = {"remote_write", "on"})
  void aCommitWaitsForTheRelayAndForNothingElse(String level) throws Exception {
    try (var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo());
        var process = relay.process()) {
      process.awaitPrinted("started streaming");
      primary.sql("CREATE TABLE t (id int)");
      primary
          .set("synchronous_standby_names", "walstream")
          .set("synchronous_commit", level)
          .reload();
      Eventually.holds(
          "the relay is synchronous",
          () -> primary.sql("SELECT sync_state FROM pg_stat_replication").equals("sync"));
      for (int i = 0; i < 20; i++) {
        primary.sql("INSERT INTO t VALUES (%d)".formatted(i));
        if (level.equals("on")) {
          String end = primary.sql("SELECT max(flush_lsn) FROM pg_stat_replication");
          assertThat(relay.flushedLsn()).isGreaterThanOrEqualTo(Lsn.parse(end).value());
        }
      }

      process.signal("STOP");
      var commit = CompletableFuture.runAsync(() -> insert(primary));
      Eventually.holds(
          "the commit waits for the relay",
          () ->
              primary
                  .sql(
                      "SELECT wait_event FROM pg_stat_activity WHERE query LIKE 'INSERT INTO t%'"
                          + " AND wait_event_type = 'IPC'")
                  .equals("SyncRep"));
      assertThat(commit).isNotDone();
      process.signal("CONT");
      commit.get();
    }
  }

  private static void insert(PostgresServer primary) {
    try (var connection = primary.jdbc();
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES (-1)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
