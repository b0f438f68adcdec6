package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;

/// `walstream.report_flush = quorum`: a commit that waits for the relay waits for the relay's
/// standbys.
@Timeout(600)
class ReportFlushIT {

  private static PostgresServerBuilder standby(PostgresServer primary, Relay relay, String name) {
    return PostgresServer.standbyOf(primary, relay.conninfo() + " application_name=" + name);
  }

  private static String flushedPast(PostgresServer primary, String lsn) {
    return primary.sql(
        "SELECT coalesce(flush_lsn >= '%s', false) FROM pg_stat_replication".formatted(lsn));
  }

  @Test
  void aCommitWaitsForTheRelaysStandbysToo() throws Exception {
    try (var primary = Relay.primary(18).start();
        var relay =
            Relay.of(primary.conninfo())
                .set("walstream.report_flush", "quorum")
                .set("synchronous_standby_names", "ANY 2 (one, two)")
                .set("wal_receiver_status_interval", "1s")
                .start();
        var first = standby(primary, relay, "one").start();
        var second = standby(primary, relay, "two").create()) {
      primary.sql("CREATE TABLE t (id int)");
      String created = primary.sql("SELECT pg_current_wal_flush_lsn()");
      relay.awaitFlushed(created);
      Relay.awaitReplayed(primary, first);
      Eventually.holds(
          "the relay has reported, and nothing as flushed",
          () ->
              primary
                  .sql(
                      "SELECT write_lsn >= '%s' AND flush_lsn IS NULL FROM pg_stat_replication"
                          .formatted(created))
                  .equals("t"));

      second.start();
      Eventually.holds("two have it", () -> flushedPast(primary, created).equals("t"));
      primary
          .set("synchronous_standby_names", "walstream")
          .set("synchronous_commit", "on")
          .reload();
      Eventually.holds(
          "the relay is synchronous",
          () -> primary.sql("SELECT sync_state FROM pg_stat_replication").equals("sync"));
      primary.sql("INSERT INTO t VALUES (1)");

      second.kill9();
      var commit = CompletableFuture.runAsync(() -> insert(primary));
      Eventually.holds(
          "the commit waits",
          () ->
              primary
                  .sql(
                      "SELECT wait_event FROM pg_stat_activity WHERE query LIKE 'INSERT INTO t%'"
                          + " AND wait_event_type = 'IPC'")
                  .equals("SyncRep"));
      String end = primary.sql("SELECT pg_current_wal_flush_lsn()");
      relay.awaitFlushed(end);
      Eventually.holds(
          "the relay has written it, and the first standby has flushed it",
          () ->
              primary
                      .sql("SELECT write_lsn >= '%s' FROM pg_stat_replication".formatted(end))
                      .equals("t")
                  && first
                      .sql("SELECT pg_last_wal_receive_lsn() >= '%s'".formatted(end))
                      .equals("t"));
      assertThat(flushedPast(primary, end)).isEqualTo("f");
      assertThat(commit).isNotDone();
      second.start();
      commit.get();
    }
  }

  private static void insert(PostgresServer primary) {
    try (var connection = primary.jdbc();
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES (2)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
