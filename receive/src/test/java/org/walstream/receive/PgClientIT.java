package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wire.PostgresException;
import org.walstream.wire.ProtocolVersion;
import org.walstream.wire.auth.ScramSecret;
import org.walstream.wire.client.Answer;
import org.walstream.wire.client.ConnectionException;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.client.QueryResult;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// The client of `wire` against real servers; here because `wire` itself knows no testkit.
@Timeout(600)
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
                "host all scram,strange 127.0.0.1/32 scram-sha-256",
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

  /// The server has prepared what the client prepares: a wrong table would keep us out.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bell\7", // ASCII is not looked at
        "\uD83D\uDE00", // not assigned in Unicode 3.2
        "\u06271", // mixed directions
        "\u00AD", // nothing would be left
        "a\u200Bb", // a space
        "\u2168\uFB01 \u3000", // normalised
      })
  void passwordsThatAreNoTextForTheRfcLogInToo(String password) throws Exception {
    server.sql("DROP ROLE IF EXISTS strange; CREATE ROLE strange LOGIN");
    server.sql("ALTER ROLE strange PASSWORD '%s'".formatted(password));
    try (var client = connect(tcp("user=strange password='%s'".formatted(password)))) {
      assertThat(client.query("SELECT current_user").text(0, 0)).isEqualTo("strange");
    }
    String secret = server.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'strange'");
    assertThat(ScramSecret.parse(secret).orElseThrow().matches(password)).isTrue();
  }

  @Test
  void keysServeInPlaceOfThePassword() throws Exception {
    String keys =
        server
            .sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'scram'")
            .replaceAll(".*:", "");
    String client = "scram_client_key=" + Base64.getEncoder().encodeToString(clientKey());
    try (var connected =
        connect(tcp("user=scram %s scram_server_key=%s".formatted(client, keys)))) {
      assertThat(connected.query("SELECT current_user").text(0, 0)).isEqualTo("scram");
    }
    assertThatThrownBy(() -> connect(tcp("user=scram " + client)))
        .hasMessageEndingWith("failed: incorrect server signature");
    assertThatThrownBy(() -> connect(tcp("user=scram scram_server_key=" + keys)))
        .hasMessageEndingWith("failed: fe_sendauth: no password supplied");
  }

  /// Made by the rules of RFC 5802, with the JDK's own PBKDF2.
  private static byte[] clientKey() throws Exception {
    String[] secret =
        server.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'scram'").split("[$:]", -1);
    var spec =
        new PBEKeySpec(
            "sécrèt".toCharArray(),
            Base64.getDecoder().decode(secret[2]),
            Integer.parseInt(secret[1]),
            256);
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(salted, "HmacSHA256"));
    return mac.doFinal("Client Key".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void refusalNamesTheFileThatThePasswordIsFrom(@TempDir Path home) throws Exception {
    Path file = Files.writeString(home.resolve(".pgpass"), "*:*:*:*:wrong\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> connect(tcp("user=scram passfile=" + file)))
        .hasMessageEndingWith(
            "FATAL:  password authentication failed for user \"scram\"\npassword retrieved from file"
                + " \"%s\"",
            file);
    assertThatThrownBy(() -> connect(tcp("user=scram password=wrong passfile=" + file)))
        .hasMessageEndingWith("failed for user \"scram\"");
  }

  @Test
  void serverOfAnotherUserIsNotTalkedTo() throws Exception {
    String socket =
        "host=%s port=%d user=postgres dbname=postgres"
            .formatted(server.socketDirectory(), server.port());
    String owner = Files.getOwner(server.dataDirectory()).getName();
    connect(socket + " requirepeer=" + owner).close();
    connect(tcp("user=postgres requirepeer=someone")).close(); // means nothing over TCP
    assertThatThrownBy(() -> connect(socket + " requirepeer=someone"))
        .hasMessage(
            "connection to server on socket \"%s/.s.PGSQL.%d\" failed: requirepeer specifies"
                + " \"someone\", but actual peer user name is \"%s\"",
            server.socketDirectory(), server.port(), owner);
  }

  @Test
  void addressIsNotLookedUpAndNameIsNoAddress() throws Exception {
    connect(tcp("user=postgres hostaddr=127.0.0.1").replace("host=127.0.0.1", "host=any.invalid"))
        .close();
    assertThatThrownBy(() -> connect("hostaddr=localhost user=x"))
        .hasMessage("could not parse network address \"localhost\": Name or service not known");
    assertThatThrownBy(() -> connect("host=/" + "x".repeat(100) + " user=x"))
        .hasMessageEndingWith("is too long (maximum 107 bytes)");
    assertThatThrownBy(() -> connect("host=::1 port=1 user=x"))
        .hasMessageStartingWith("connection to server at \"::1\", port 1 failed: ");
  }

  @Test
  void dataOfAnyCopyIsHandedOver() throws Exception {
    try (var client = connect(tcp("user=postgres"))) {
      client.send("COPY (SELECT generate_series(1, 20000)) TO STDOUT; SELECT 'after'");
      assertThat(client.nextAnswer()).isEqualTo(new Answer.Copy(false));
      int sum = 0;
      for (ByteBuffer data = client.nextCopyData(); data != null; data = client.nextCopyData()) {
        sum += Integer.parseInt(StandardCharsets.US_ASCII.decode(data).toString().strip());
      }
      assertThat(sum).isEqualTo(200_010_000);
      assertThat(result(client).commandTag()).isEqualTo("COPY 20000");
      assertThat(result(client).text(0, 0)).isEqualTo("after");
      assertThat(client.nextAnswer()).isInstanceOf(Answer.Ready.class);

      client.send("COPY (SELECT 1 / (3 - i) FROM generate_series(1, 3) i) TO STDOUT");
      assertThat(client.nextAnswer()).isEqualTo(new Answer.Copy(false));
      assertThatThrownBy(
              () -> {
                while (client.nextCopyData() != null) {
                  // up to the error
                }
              })
          .hasMessage("ERROR:  division by zero");
      assertThat(client.query("SELECT 'usable'").text(0, 0)).isEqualTo("usable");

      client.send("COPY (SELECT generate_series(1, 20000)) TO STDOUT");
      assertThat(client.nextAnswer()).isEqualTo(new Answer.Copy(false));
      assertThat(result(client).commandTag())
          .as("what is not read is dropped")
          .isEqualTo("COPY 20000");
      assertThat(client.nextAnswer()).isInstanceOf(Answer.Ready.class);
    }
  }

  @Test
  void baseBackupIsAnsweredInParts() throws Exception {
    try (var client = connect(tcp("user=postgres replication=true"))) {
      client.send("BASE_BACKUP (LABEL 'parts', CHECKPOINT 'fast', WAL false)");
      assertThat(result(client).columns()).containsExactly("recptr", "tli");
      assertThat(result(client).columns()).containsExactly("spcoid", "spclocation", "size");
      assertThat(client.nextAnswer()).isEqualTo(new Answer.Copy(false));
      long bytes = 0;
      for (ByteBuffer data = client.nextCopyData(); data != null; data = client.nextCopyData()) {
        bytes += data.remaining();
      }
      assertThat(bytes).isGreaterThan(1 << 20);
      assertThat(result(client).columns()).containsExactly("recptr", "tli");
    }
  }

  private static QueryResult result(PgClient client) throws IOException {
    return ((Answer.Result) client.nextAnswer()).result();
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
