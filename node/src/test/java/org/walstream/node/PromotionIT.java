package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wire.client.QueryResult;

/// A new primary means a new timeline: the relay follows, and takes its standbys along.
@Timeout(600)
class PromotionIT {

  private static final TimelineId SECOND = new TimelineId(2);

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aRelayAndItsStandbyFollowAPromotedServer(int major) throws Exception {
    try (var primary = Relay.primary(major).start();
        var heir =
            PostgresServer.standbyOf(primary, primary.conninfo())
                .setting("wal_keep_size", "1GB")
                .start();
        var relay = Relay.of(primary.conninfo()).start();
        var downstream = PostgresServer.standbyOf(primary, relay.conninfo()).start()) {
      primary.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
      Relay.awaitReplayed(primary, heir);
      Relay.awaitReplayed(primary, downstream);
      primary.kill9();
      heir.promote();
      heir.sql("INSERT INTO t SELECT generate_series(1, 1000)");
      relay.stop();
      relay.set("primary_conninfo", heir.conninfo()).start();

      Eventually.holds(
          "what the new primary wrote is on the standby behind the relay",
          () -> downstream.sql("SELECT count(*) FROM t").equals("2000"));
      String history = SECOND.historyFileName();
      assertThat(relay.walDirectory().resolve(history))
          .hasSameBinaryContentAs(heir.walDirectory().resolve(history));
    }
  }

  @Test
  void aTimelineSwitchUpstreamIsFollowedWithoutReconnecting() throws Exception {
    try (var primary = Relay.primary(18).start();
        var heir =
            PostgresServer.standbyOf(primary, primary.conninfo())
                .setting("wal_keep_size", "1GB")
                .start();
        var relay = Relay.of(heir.conninfo()).start();
        var downstream = PostgresServer.standbyOf(primary, relay.conninfo()).start()) {
      primary.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
      Relay.awaitReplayed(primary, downstream);
      primary.kill9();
      heir.promote();
      heir.sql("INSERT INTO t SELECT generate_series(1, 1000)");
      Eventually.holds(
          "what the new primary wrote is on the standby behind the relay",
          () -> downstream.sql("SELECT count(*) FROM t").equals("2000"));
      assertHistoricTimelineEndsAtTheSwitch(relay);
      heir.sql("SELECT pg_switch_wal()");
      heir.sql("INSERT INTO t VALUES (0)");
      Relay.awaitReplayed(heir, downstream);
      Eventually.holds(
          "the relay has finished a segment of the new timeline",
          () -> relay.segments().stream().anyMatch(name -> name.startsWith("00000002")));
      assertThat(relay.segments())
          .filteredOn(name -> name.startsWith("00000002"))
          .isNotEmpty()
          .allSatisfy(name ->
              assertThat(relay.walDirectory().resolve(name))
                  .hasSameBinaryContentAs(heir.walDirectory().resolve(name)));
    }
  }

  /// Who is to begin in the midst of a segment's history asks for all of it.
  @Test
  void aRelayHasTheHistoriesOfAllTimelinesWhoseWalItHas() throws Exception {
    try (var primary = Relay.primary(18).start();
        var heir = PostgresServer.standbyOf(primary, primary.conninfo()).start();
        var second = PostgresServer.standbyOf(primary, heir.conninfo()).start()) {
      primary.sql("CREATE TABLE t (id int)");
      Relay.awaitReplayed(primary, heir);
      primary.kill9();
      heir.promote();
      heir.sql("INSERT INTO t VALUES (1)");
      Eventually.holds(
          "the second heir has followed", () -> second.sql("SELECT count(*) FROM t").equals("1"));
      heir.kill9();
      second.promote();
      try (var relay = Relay.of(second.conninfo()).start()) {
        for (String history : List.of("00000002.history", "00000003.history")) {
          Eventually.holds(
              "the relay has " + history,
              () -> Files.exists(relay.walDirectory().resolve(history)));
        }
      }
    }
  }

  /// By hand what a standby does that comes late.
  private static void assertHistoricTimelineEndsAtTheSwitch(Relay relay) throws Exception {
    byte[] file = Files.readAllBytes(relay.walDirectory().resolve(SECOND.historyFileName()));
    long switchLsn =
        TimelineHistory.parse(SECOND, file).switchPoint(TimelineId.FIRST).orElseThrow();
    try (var client = relay.connect()) {
      assertThat(client.query("IDENTIFY_SYSTEM").text(0, 1)).isEqualTo("2");
      assertThat(client.query("TIMELINE_HISTORY 2").text(0, 1))
          .isEqualTo(Files.readString(relay.walDirectory().resolve(SECOND.historyFileName())));
    }
    try (var client = relay.connect()) {
      var stream = WalStream.open(client, switchLsn & ~0xffffL, 1);
      stream.readToEnd();
      assertThat(Lsn.format(stream.endLsn())).isEqualTo(Lsn.format(switchLsn));
      assertNextTimeline(stream.finish(), switchLsn);
      // Nothing left to stream: no copy at all, as PostgreSQL answers.
      QueryResult nothing =
          client
              .startCopyBoth("START_REPLICATION %s TIMELINE 1".formatted(Lsn.format(switchLsn)))
              .orElseThrow();
      assertNextTimeline(nothing, switchLsn);
    }
  }

  private static void assertNextTimeline(QueryResult result, long switchLsn) {
    assertThat(result.columns()).containsExactly("next_tli", "next_tli_startpos");
    assertThat(result.text(0, 0)).isEqualTo("2");
    assertThat(result.text(0, 1)).isEqualTo(Lsn.format(switchLsn));
  }
}
