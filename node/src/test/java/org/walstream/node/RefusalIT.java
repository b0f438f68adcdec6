package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wire.PostgresException;
import org.walstream.wire.auth.ScramSecret;
import org.walstream.wire.client.ConnectionException;
import org.walstream.wire.client.PgClient;

/// What a relay will not do, and that it says so as PostgreSQL does.
@Timeout(600)
class RefusalIT {

  private static PostgresServer primary;
  private static Relay relay;

  @BeforeAll
  static void startRelay() throws Exception {
    primary = Relay.primary(18).start();
    relay =
        Relay.of(primary.conninfo())
            .hba(
                "host replication postgres 127.0.0.1/32 trust",
                "host replication scram,plain 127.0.0.1/32 scram-sha-256",
                "host all all 127.0.0.1/32 trust")
            .users(
                "\"postgres\" \"\" replication monitor",
                "\"scram\" \"%s\" replication".formatted(ScramSecret.of("right").format()),
                "\"plain\" \"%s\"".formatted(ScramSecret.of("right").format()))
            .set("max_wal_senders", "2")
            .start();
  }

  /// There may be only two senders, and those of the test before may not have ended yet.
  @BeforeEach
  void awaitRoom() {
    Eventually.holds("no sender is left", () -> senders() == 0);
  }

  private static int senders() throws SQLException {
    try (var connection = relay.jdbc();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender'")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @AfterAll
  static void stopRelay() throws Exception {
    relay.close();
    primary.close();
  }

  @FunctionalInterface
  private interface Attempt {
    void make() throws IOException;
  }

  private static void assertRefused(Attempt attempt, String sqlState, String message) {
    var refusal = catchThrowableOfType(PostgresException.class, attempt::make);
    assertThat(refusal.sqlState() + " " + refusal.primaryMessage())
        .isEqualTo(sqlState + " " + message);
  }

  /// A connection that is refused says so in a line for each attempt, as libpq does.
  private static void assertNotLetIn(String conninfo, String message) {
    var refusal =
        catchThrowableOfType(ConnectionException.class, () -> relay.connect(conninfo).close());
    assertThat(refusal).hasMessageContaining("FATAL:  " + message);
  }

  @Test
  void aPasswordMustBeRight() throws Exception {
    relay.connect("user=scram password=right").terminate();
    assertNotLetIn(
        "user=scram password=wrong", "password authentication failed for user \"scram\"");
  }

  @Test
  void aReplicationConnectionNeedsALineOfItsOwn() {
    assertNotLetIn(
        "user=nobody",
        "no pg_hba.conf entry for replication connection from host \"127.0.0.1\", user \"nobody\","
            + " no encryption");
  }

  @Test
  void aRoleNeedsTheReplicationAttribute() {
    assertNotLetIn("user=plain password=right", "permission denied to start WAL sender");
  }

  @Test
  void thereAreNoMoreSendersThanAllowed() throws Exception {
    try (var _ = relay.connect();
        var _ = relay.connect()) {
      assertNotLetIn(
          "", "number of requested standby connections exceeds \"max_wal_senders\" (currently 2)");
    }
    Eventually.holds(
        "there is room again",
        () -> {
          relay.connect().terminate();
          return true;
        });
  }

  @Test
  void aSlotMustExistAndBeFree() throws Exception {
    try (var user = connect();
        var other = connect()) {
      assertRefused(
          () -> other.startCopyBoth("START_REPLICATION SLOT \"none\" 0/1000000 TIMELINE 1"),
          "42704",
          "replication slot \"none\" does not exist");
      user.query("CREATE_REPLICATION_SLOT \"busy\" PHYSICAL (RESERVE_WAL)");
      WalStream.open(user, "SLOT \"busy\"", 0x1000000, 1);
      var refusal =
          catchThrowableOfType(
              PostgresException.class,
              () -> other.startCopyBoth("START_REPLICATION SLOT \"busy\" 0/1000000 TIMELINE 1"));
      assertThat(refusal.sqlState()).isEqualTo("55006");
      assertThat(refusal.primaryMessage())
          .matches("replication slot \"busy\" is active for PID \\d+");
    }
  }

  @Test
  void walThatIsGoneCannotBeStreamed() throws Exception {
    try (var client = connect()) {
      assertThat(client.startCopyBoth("START_REPLICATION 0/0 TIMELINE 1")).isEmpty();
      assertRefused(
          client::readInterlude,
          "58P01",
          "requested WAL segment 000000010000000000000000 has already been removed");
    }
  }

  @Test
  void aTimelineMustBeInTheHistory() throws Exception {
    try (var client = connect()) {
      assertRefused(
          () -> client.startCopyBoth("START_REPLICATION 0/1000000 TIMELINE 7"),
          "XX000",
          "requested timeline 7 is not in this server's history");
      assertRefused(
          () -> client.query("TIMELINE_HISTORY 7"),
          "58P01",
          "could not open file \"pg_wal/00000007.history\": No such file or directory");
    }
  }

  @Test
  void nothingIsDecoded() throws Exception {
    try (var client = connect()) {
      var refusal =
          catchThrowableOfType(
              PostgresException.class,
              () -> client.query("CREATE_REPLICATION_SLOT s LOGICAL pgoutput"));
      assertThat(refusal.sqlState()).isEqualTo("0A000");
      assertThat(client.query("IDENTIFY_SYSTEM").text(0, 1))
          .as("the session goes on")
          .isEqualTo("1");
    }
  }

  /// There may be only two senders; a session that ended a moment ago may still count.
  private static PgClient connect() {
    var client = new PgClient[1];
    Eventually.holds(
        "there is room",
        () -> {
          client[0] = relay.connect();
          return true;
        });
    return client[0];
  }

  @Test
  void anotherClusterUpstreamIsRefused() throws Exception {
    try (var other = PostgresServer.builder(18).start();
        var ours = Relay.of(primary.conninfo()).start()) {
      ours.awaitFlushed(primary.sql("SELECT pg_current_wal_flush_lsn()"));
      ours.stop();
      byte[][] before = contents(ours);
      ours.set("primary_conninfo", other.conninfo());
      try (var process = ours.process()) {
        process.awaitPrinted("holds WAL of the cluster with system identifier");
      }
      assertThat(contents(ours)).isDeepEqualTo(before);
    }
  }

  private static byte[][] contents(Relay stopped) throws IOException {
    try (var files = Files.list(stopped.walDirectory())) {
      var contents = new ArrayList<byte[]>();
      for (var file : files.sorted().toList()) {
        if (!String.valueOf(file.getFileName()).equals(".walstream.lock")) {
          contents.add(Files.readAllBytes(file));
        }
      }
      return contents.toArray(byte[][]::new);
    }
  }

  /// PostgreSQL does not let senders in at that level, and says so itself.
  @Test
  void aPrimaryThatWritesTooLittleIsRefused() throws Exception {
    try (var minimal =
            PostgresServer.builder(18)
                .setting("wal_level", "minimal")
                .setting("max_wal_senders", "0")
                .start();
        var ours = Relay.of(minimal.conninfo());
        var process = ours.process()) {
      process.awaitPrinted(
          "number of requested standby connections exceeds \"max_wal_senders\" (currently 0)");
      assertThat(ours.walDirectory()).isDirectoryNotContaining("glob:**/0*");
    }
  }
}
