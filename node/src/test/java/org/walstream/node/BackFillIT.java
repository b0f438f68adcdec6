package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;
import org.walstream.wal.Lsn;
import org.walstream.wire.PostgresException;

/// A relay that is younger than its standbys: what it never had it fetches from its upstream.
@Timeout(600)
class BackFillIT {

  private static final int SEGMENT_BYTES = 16 << 20;

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void aStandbyOlderThanTheRelayIsServed(int major) throws Exception {
    try (var primary = Relay.primary(major).start();
        var relay = Relay.of(primary.conninfo());
        var standby = PostgresServer.standbyOf(primary, relay.conninfo()).create()) {
      writeSegments(primary, "t", 3);
      String begin = primary.sql("SELECT pg_walfile_name(pg_current_wal_lsn())");
      relay.start();
      standby.start();
      Relay.awaitReplayed(primary, standby);
      writeSegments(primary, "u", 1);
      Relay.awaitReplayed(primary, standby);
      assertThat(standby.sql("SELECT (SELECT count(*) FROM t) + (SELECT count(*) FROM u)"))
          .isEqualTo("400");
      assertThat(relay.segments()).as("its own WAL").allMatch(name -> name.compareTo(begin) >= 0);
      assertThat(fetched(relay))
          .hasSizeGreaterThanOrEqualTo(3)
          .allSatisfy(file ->
              assertThat(file)
                  .hasSameBinaryContentAs(primary.walDirectory().resolve(file.getFileName())));
    }
  }

  @Test
  void itIsServedAcrossTimelines() throws Exception {
    try (var primary = Relay.primary(18).start();
        var heir = kept(primary).start();
        var heirOfHeir = kept(heir).start();
        var relay = Relay.of(heirOfHeir.conninfo());
        var standby = PostgresServer.standbyOf(primary, relay.conninfo()).create()) {
      writeSegments(primary, "t", 2);
      Relay.awaitReplayed(primary, heir);
      primary.kill9();
      heir.promote();
      writeSegments(heir, "u", 2);
      Relay.awaitReplayed(heir, heirOfHeir);
      heir.kill9();
      heirOfHeir.promote();
      writeSegments(heirOfHeir, "v", 2);

      relay.start();
      standby.start();
      Relay.awaitReplayed(heirOfHeir, standby);
      assertThat(
              standby.sql(
                  "SELECT (SELECT count(*) FROM t) + (SELECT count(*) FROM u)"
                      + " + (SELECT count(*) FROM v)"))
          .isEqualTo("600");
      assertThat(fetched(relay).stream().map(file -> file.getFileName().toString().substring(0, 8)))
          .contains("00000001", "00000002", "00000003");
    }
  }

  private static PostgresServerBuilder kept(PostgresServer upstream) {
    return PostgresServer.standbyOf(upstream, upstream.conninfo()).setting("wal_keep_size", "1GB");
  }

  @Test
  void whatIsGoneUpstreamTooIsRefusedAsUpstreamRefusesIt() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var relay = Relay.of(primary.conninfo())) {
      writeSegments(primary, "t", 3);
      primary.sql("CHECKPOINT");
      relay.start();
      try (var client = relay.connect();
          var direct = Relay.connectTo(primary.conninfo() + " replication=true")) {
        PostgresException told =
            catchThrowableOfType(
                PostgresException.class,
                () ->
                    WalStream.open(client, SEGMENT_BYTES, 1)
                        .readTo(Lsn.parse("0/1100000").value()));
        PostgresException upstream =
            catchThrowableOfType(
                PostgresException.class,
                () ->
                    WalStream.open(direct, SEGMENT_BYTES, 1)
                        .readTo(Lsn.parse("0/1100000").value()));
        assertThat(told.sqlState()).isEqualTo("58P01").isEqualTo(upstream.sqlState());
        assertThat(told.primaryMessage())
            .isEqualTo("requested WAL segment 000000010000000000000001 has already been removed")
            .isEqualTo(upstream.primaryMessage());
      }
    }
  }

  @Test
  void withoutItsUpstreamItSaysWhy() throws Exception {
    try (var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo())) {
      writeSegments(primary, "t", 2);
      relay.start();
      primary.kill9();
      try (var client = relay.connect()) {
        PostgresException told =
            catchThrowableOfType(
                PostgresException.class,
                () ->
                    WalStream.open(client, SEGMENT_BYTES, 1)
                        .readTo(Lsn.parse("0/1100000").value()));
        assertThat(told.sqlState()).isEqualTo("58030");
        assertThat(told.primaryMessage())
            .startsWith("could not fetch WAL segment 000000010000000000000001: ")
            .contains("Connection refused");
      }
    }
  }

  /// A relay of a relay: the first fetches for the second.
  @Test
  void aFetchPassesThroughRelays() throws Exception {
    try (var primary = Relay.primary(18).start();
        var first = Relay.of(primary.conninfo());
        var second = Relay.of(first.conninfo());
        var standby = PostgresServer.standbyOf(primary, second.conninfo()).create()) {
      writeSegments(primary, "t", 3);
      first.start();
      second.start();
      standby.start();
      Relay.awaitReplayed(primary, standby);
      assertThat(standby.sql("SELECT count(*) FROM t")).isEqualTo("300");
      Eventually.holds("the first has fetched, too", () -> fetched(first).size() >= 3);
    }
  }

  private static void writeSegments(PostgresServer server, String table, int count) {
    server.sql("CREATE TABLE %s (id int)".formatted(table));
    for (int i = 0; i < count; i++) {
      server.sql("INSERT INTO %s SELECT generate_series(1, 100)".formatted(table));
      server.sql("SELECT pg_switch_wal()");
    }
  }

  private static List<Path> fetched(Relay relay) throws Exception {
    try (var files = Files.list(relay.walDirectory().resolve(".older"))) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    }
  }
}
