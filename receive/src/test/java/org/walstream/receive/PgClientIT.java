package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wire.PostgresException;
import org.walstream.wire.ProtocolVersion;
import org.walstream.wire.client.ConnectionException;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// The client of `wire` against real servers; here because `wire` itself knows no testkit.
@Timeout(120)
class PgClientIT {

  private static PostgresServer server;

  @BeforeAll
  static void startServer() {
    server =
        PostgresServer.builder(18)
            .hba(
                "local all all trust",
                "host all md5user 127.0.0.1/32 md5",
                "host all clear 127.0.0.1/32 password",
                "host all scram 127.0.0.1/32 scram-sha-256",
                "host all,replication postgres 127.0.0.1/32 trust",
                "host replication scram 127.0.0.1/32 scram-sha-256")
            .start();
    server.sql("SET password_encryption = 'md5'; CREATE ROLE md5user LOGIN PASSWORD 'secret'");
    server.sql("CREATE ROLE clear LOGIN PASSWORD 'secret'");
    server.sql("CREATE ROLE scram LOGIN REPLICATION PASSWORD 'sécrèt'");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static ConnectionSettings settings(String conninfo) {
    var nothing = new LibpqEnvironment(Map.of(), "nobody", Path.of("/nonexistent"), w -> {});
    return ConnectionSettings.of(ConnInfo.parse(conninfo), nothing);
  }

  private static PgClient connect(String conninfo) throws IOException {
    return PgClient.connect(settings(conninfo));
  }

  private static String tcp(String more) {
    return "host=127.0.0.1 port=%d dbname=postgres %s".formatted(server.port(), more);
  }

  @ParameterizedTest
  @CsvSource({"md5user,secret", "clear,secret", "scram,sécrèt", "postgres,''"})
  void everyWayOfAuthenticationWorks(String user, String password) throws Exception {
    try (var client = connect(tcp("user=%s password='%s'".formatted(user, password)))) {
      assertThat(client.query("SELECT current_user").text(0, 0)).isEqualTo(user);
      assertThat(client.parameter("server_version").orElseThrow()).startsWith("18");
      client.terminate();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"md5user", "clear", "scram"})
  void wrongPasswordIsRefusedInTheServersWords(String user) {
    assertThatThrownBy(() -> connect(tcp("user=%s password=wrong".formatted(user))))
        .isInstanceOf(ConnectionException.class)
        .hasMessage(
            "connection to server at \"127.0.0.1\", port %d failed: FATAL:  password authentication"
                    .formatted(server.port())
                + " failed for user \"%s\"".formatted(user));
  }

  @Test
  void refusalByOneServerEndsTheSearch() {
    assertThatThrownBy(() ->
            connect(
                "host=127.0.0.1,127.0.0.1 port=%d dbname=postgres user=clear password=x"
                    .formatted(server.port())))
        .message()
        .hasLineCount(1);
  }

  @Test
  void unixSocketAndProtocol32() throws Exception {
    try (var client =
        connect(
            "host=%s port=%d user=postgres dbname=postgres max_protocol_version=3.2"
                .formatted(server.socketDirectory(), server.port()))) {
      assertThat(client.protocolVersion()).isEqualTo(ProtocolVersion.V3_2);
      assertThat(client.query("SELECT 1").rows()).hasSize(1);
    }
  }

  @Test
  void oldServerIsTalkedToInItsOwnProtocol() throws Exception {
    try (var old = PostgresServer.builder(15).start()) {
      var conninfo = old.conninfo() + " dbname=postgres max_protocol_version=3.2";
      try (var client = connect(conninfo)) {
        assertThat(client.protocolVersion()).isEqualTo(ProtocolVersion.V3_0);
      }
      assertThatThrownBy(() -> connect(conninfo + " min_protocol_version=3.2"))
          .hasMessageContaining("server only supports protocol version 3.0");
    }
  }

  @Test
  void errorsLeaveTheSessionUsable() throws Exception {
    try (var client = connect(tcp("user=postgres"))) {
      assertThatThrownBy(() -> client.query("SELECT 1/0"))
          .isInstanceOfSatisfying(
              PostgresException.class, e -> assertThat(e.sqlState()).isEqualTo("22012"))
          .hasMessage("ERROR:  division by zero");
      var result = client.query("SELECT 'a' AS one, NULL AS two UNION ALL SELECT 'b', 'c'");
      assertThat(result.columns()).containsExactly("one", "two");
      assertThat(result.text(0, 1)).isNull();
      assertThat(result.text(1, 1)).isEqualTo("c");
      assertThat(result.commandTag()).isEqualTo("SELECT 2");
      assertThat(client.query("").rows()).isEmpty();
      assertThat(client.query("SELECT repeat('x', 100000)").text(0, 0)).hasSize(100_000);
    }
  }

  @Test
  void noticesAndChangedSettingsAreHeard() throws Exception {
    var notice = new AtomicReference<String>();
    try (var client = connect(tcp("user=postgres application_name=heard"))) {
      assertThat(client.parameter("application_name")).contains("heard");
      client.onNotice(diagnostic -> notice.set(diagnostic.message()));
      client.query("DO $$ BEGIN RAISE NOTICE 'hello'; END $$");
      client.query("SET application_name = 'changed'");
      assertThat(notice.get()).isEqualTo("hello");
      assertThat(client.parameter("application_name")).contains("changed");
    }
  }

  @Test
  void runningCommandCanBeCancelledFromAnotherThread() throws Exception {
    try (var client = connect(tcp("user=postgres"))) {
      var failure = new AtomicReference<Exception>();
      var thread =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  client.query("SELECT pg_sleep(3600)");
                } catch (IOException e) {
                  failure.set(e);
                }
              });
      Eventually.holds(
          "the command runs",
          () ->
              server
                  .sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%sleep(3600)'")
                  .equals("1"));
      client.cancel();
      thread.join();
      assertThat(Objects.requireNonNull(failure.get()))
          .hasMessage("ERROR:  canceling statement due to user request");
    }
  }

  @Test
  void kindOfServerCanBeChosen() throws Exception {
    assertThatThrownBy(() -> connect(tcp("user=postgres target_session_attrs=standby")))
        .hasMessageEndingWith("failed: server is not in hot standby mode");
    try (var client = connect(tcp("user=postgres target_session_attrs=prefer-standby"))) {
      assertThat(client.query("SELECT pg_is_in_recovery()").text(0, 0)).isEqualTo("f");
    }
    try (var client =
        connect(
            "host=127.0.0.1,127.0.0.1 port=1,%d dbname=postgres user=postgres target_session_attrs=primary"
                .formatted(server.port()))) {
      assertThat(client.host().port()).isEqualTo(server.port());
    }
  }

  @Test
  void serverThatSaysNothingIsGivenUp() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() ->
              connect(
                  "host=127.0.0.1 port=%d user=x connect_timeout=1"
                      .formatted(silent.getLocalPort())))
          .isInstanceOf(ConnectionException.class)
          .hasMessageEndingWith("failed: timeout expired");
    }
  }

  @Test
  void nobodyThereIsSaidInLibpqsWords() {
    assertThatThrownBy(() -> connect("host=127.0.0.1 port=1 user=x"))
        .hasMessage(
            "connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n"
                + "\tIs the server running on that host and accepting TCP/IP connections?");
    assertThatThrownBy(() -> connect("host=/nonexistent user=x"))
        .hasMessage(
            "connection to server on socket \"/nonexistent/.s.PGSQL.5432\" failed: No such file or"
                + " directory\n"
                + "\tIs the server running locally and accepting connections on that socket?");
    assertThatThrownBy(() -> connect("host=no-such-host.invalid user=x"))
        .hasMessage(
            "could not translate host name \"no-such-host.invalid\" to address: Name or service"
                + " not known");
  }
}
