package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.store.segment.PgWalDirectory;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;

/// What a relay is for: servers on both sides of it that notice no difference.
@Timeout(600)
class RelayIT {

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void aStandbyFollowsItsPrimaryThroughTheRelay(int major) throws Exception {
    try (var primary = Relay.primary(major).start();
        var relay = Relay.of(primary.conninfo()).start();
        var standby = PostgresServer.standbyOf(primary, relay.conninfo()).start()) {
      primary.sql("CREATE TABLE t AS SELECT generate_series(1, 100000) AS id");
      primary.sql("SELECT pg_switch_wal()");
      primary.sql("INSERT INTO t SELECT generate_series(1, 100000)");
      primary.sql("SELECT pg_switch_wal()");
      primary.sql("INSERT INTO t VALUES (0)");
      Relay.awaitReplayed(primary, standby);
      assertThat(standby.sql("SELECT count(*) FROM t")).isEqualTo("200001");
      Eventually.holds("the relay has finished two segments", () -> relay.segments().size() >= 2);
      assertThat(relay.segmentsThatDifferFrom(primary)).isEmpty();
    }
  }

  /// A primary stops once its standbys have all: without a time-out it waits for ever for a standby
  /// that does not confirm.
  @Test
  void aPrimaryThatStopsHandsOverItsLastRecord() throws Exception {
    try (var primary = Relay.primary(18).setting("wal_sender_timeout", "0").start();
        var relay = Relay.of(primary.conninfo()).start();
        var standby = PostgresServer.standbyOf(primary, relay.conninfo()).start()) {
      primary.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
      primary.stopFast();
      long end = endOfWal(primary);
      assertThat(Lsn.format(relay.flushedLsn())).isEqualTo(Lsn.format(end));
      Eventually.holds(
          "the standby has replayed the shutdown checkpoint",
          () -> standby.sql("SELECT pg_last_wal_replay_lsn()").equals(Lsn.format(end)));
    }
  }

  @Test
  void whatIsThereIsServedWithoutAnUpstream() throws Exception {
    try (var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo()).start();
        var standby = PostgresServer.standbyOf(primary, relay.conninfo()).create()) {
      primary.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
      primary.stopFast();
      relay.stop();
      relay.startAlone();
      standby.start();
      Eventually.holds("t is there", () -> standby.sql("SELECT count(*) FROM t").equals("1000"));
    }
  }

  /// One of which writes past the kernel's cache: nobody sees that.
  @Test
  void aStandbyBehindTwoRelaysFollows() throws Exception {
    try (var primary = Relay.primary(18).start();
        var first = Relay.of(primary.conninfo()).start();
        var second = Relay.of(first.conninfo()).set("walstream.direct_io", "on").start();
        var standby = PostgresServer.standbyOf(primary, second.conninfo()).start()) {
      primary.sql("CREATE TABLE t AS SELECT generate_series(1, 100000) AS id");
      primary.sql("SELECT pg_switch_wal()");
      Relay.awaitReplayed(primary, standby);
      assertThat(standby.sql("SELECT count(*) FROM t")).isEqualTo("100000");
      Eventually.holds(
          "the second relay has finished a segment", () -> !second.segments().isEmpty());
      assertThat(second.segmentsThatDifferFrom(primary)).isEmpty();
      first.stop();
      first.start();
      primary.sql("INSERT INTO t VALUES (0)");
      Relay.awaitReplayed(primary, standby);
    }
  }

  private static long endOfWal(PostgresServer stopped) throws Exception {
    try (var wal = PgWalDirectory.open(stopped.dataDirectory())) {
      return wal.endOfWal().endLsn();
    }
  }
}
