package org.walstream.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.send.ServerFixture.START;
import static org.walstream.send.ServerFixture.append;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.send.server.UnixSocketAccess;
import org.walstream.store.backfill.OlderWal;
import org.walstream.testkit.Eventually;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wire.PostgresException;

/// Who may in, and what the small commands answer.
@Timeout(600)
class SessionTest {

  @TempDir Path directory;
  @AutoClose private ServerFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new ServerFixture(directory);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "user=rep password=wrong replication=true | 28P01 | password authentication failed for user"
            + " \"rep\"",
        "user=nobody password=x dbname=d | 28P01 | password authentication failed for user"
            + " \"nobody\"",
        "user=old password=wrong replication=true | 28P01 | password authentication failed for user"
            + " \"old\"",
        "user=evil replication=true | 28000 | pg_hba.conf rejects replication connection for host"
            + " \"127.0.0.1\", user \"evil\", no encryption",
        "user=evil dbname=d | 28000 | pg_hba.conf rejects connection for host \"127.0.0.1\", user"
            + " \"evil\", database \"d\", no encryption",
        "user=mon password=mon replication=true | 28000 | no pg_hba.conf entry for replication"
            + " connection from host \"127.0.0.1\", user \"mon\", no encryption",
        "user=plain password=plain replication=true | 42501 | permission denied to start WAL"
            + " sender",
        "user=rep password=rep replication=maybe | 22023 | invalid value for parameter"
            + " \"replication\": \"maybe\""
      })
  void whoMayNotInIsToldWhy(String conninfo, String sqlState, String message) {
    assertThatThrownBy(
            () -> fixture.connect("host=127.0.0.1 port=" + fixture.port + " " + conninfo))
        .rootCause()
        .isInstanceOf(PostgresException.class)
        .satisfies(e -> {
          assertThat(((PostgresException) e).primaryMessage()).isEqualTo(message);
          assertThat(((PostgresException) e).sqlState()).isEqualTo(sqlState);
          assertThat(((PostgresException) e).severity()).isEqualTo("FATAL");
        });
  }

  @ParameterizedTest
  @CsvSource({"rep", "old"})
  void whoProvesItselfIsIn(String user) throws Exception {
    try (var client = fixture.replicate(user)) {
      assertThat(client.parameter("in_hot_standby")).contains("on");
      assertThat(client.parameter("integer_datetimes")).contains("on");
      assertThat(client.parameter("server_version")).contains("15.0 (Walstream)");
    }
  }

  @Test
  void identifySystemNeedsWal() throws Exception {
    try (var client = fixture.replicate("rep")) {
      assertThatThrownBy(() -> client.query("IDENTIFY_SYSTEM"))
          .hasMessageContaining("this node has not received any WAL yet");
      var log = fixture.openLog(1, START);
      append(log, RandomGeneratorFactory.of("L64X128MixRandom").create(1), 100);
      var row = client.query("IDENTIFY_SYSTEM");
      assertThat(row.columns()).containsExactly("systemid", "timeline", "xlogpos", "dbname");
      assertThat(row.text(0, 0)).isEqualTo(Long.toUnsignedString(ServerFixture.SYSTEM_IDENTIFIER));
      assertThat(row.text(0, 1)).isEqualTo("1");
      assertThat(row.text(0, 2)).isEqualTo("0/300064");
      assertThat(row.text(0, 3)).isNull();
      assertThat(client.query("SHOW wal_segment_size").text(0, 0)).isEqualTo("1MB");
    }
  }

  @Test
  void slotsAreMadeReadAndDropped() throws Exception {
    var log = fixture.openLog(1, START);
    append(log, RandomGeneratorFactory.of("L64X128MixRandom").create(1), 100);
    try (var client = fixture.replicate("rep")) {
      var created = client.query("CREATE_REPLICATION_SLOT \"s1\" PHYSICAL RESERVE_WAL");
      assertThat(created.columns())
          .containsExactly("slot_name", "consistent_point", "snapshot_name", "output_plugin");
      assertThat(List.of(created.text(0, 0), created.text(0, 1))).containsExactly("s1", "0/0");
      var read = client.query("READ_REPLICATION_SLOT s1");
      assertThat(List.of(read.text(0, 0), read.text(0, 1), read.text(0, 2)))
          .containsExactly("physical", "0/300000", "1");
      assertThat(client.query("READ_REPLICATION_SLOT none").text(0, 0)).isNull();
      client.query("CREATE_REPLICATION_SLOT tmp TEMPORARY PHYSICAL");
      client.query("DROP_REPLICATION_SLOT s1");
      assertThat(fixture.slots.all()).hasSize(1);
    }
    Eventually.holds("temporary slot gone", () -> fixture.slots.all().isEmpty());
  }

  /// The node has begun elsewhere before anything came: nobody is to ask for it in vain, for ever.
  @Test
  void aSlotTellsNoPositionWhoseWalNeverCame() throws Exception {
    fixture.openLog(1, START);
    try (var client = fixture.replicate("rep")) {
      client.query("CREATE_REPLICATION_SLOT s1 PHYSICAL RESERVE_WAL");
      fixture.openLog(1, 2 * START);
      var read = client.query("READ_REPLICATION_SLOT s1");
      assertThat(read.text(0, 0)).isEqualTo("physical");
      assertThat(read.text(0, 1)).isNull();
    }
  }

  /// The same where older WAL is fetched, once upstream says that it is gone there too; as long as
  /// it may come, it is told of.
  @Test
  void aSlotTellsNoPositionWhoseWalIsGoneUpstreamToo() throws Exception {
    var upstream = new RefusingUpstream();
    try (var relay = new ServerFixture(directory.resolve("relay"), upstream)) {
      relay.openLog(1, START);
      try (var client = relay.replicate("rep")) {
        client.query("CREATE_REPLICATION_SLOT s1 PHYSICAL RESERVE_WAL");
        relay.openLog(1, 2 * START);
        upstream.answer = new ConnectException("Connection refused");
        assertThat(client.query("READ_REPLICATION_SLOT s1").text(0, 1)).isEqualTo("0/300000");
        upstream.answer =
            new PostgresException(
                "ERROR", "58P01", "requested WAL segment has already been removed", "", "");
        assertThat(client.query("READ_REPLICATION_SLOT s1").text(0, 1)).isNull();
      }
    }
  }

  private static final class RefusingUpstream implements OlderWal {
    volatile IOException answer = new IOException("nobody has been asked");

    @Override
    public void fetch(long systemIdentifier, WalSegmentName segment, Sink sink) throws IOException {
      throw answer;
    }

    @Override
    public byte[] history(long systemIdentifier, TimelineId timeline) throws IOException {
      throw answer;
    }

    @Override
    public void stop() {}
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE_REPLICATION_SLOT s LOGICAL pgoutput | 0A000",
        "START_REPLICATION SLOT s LOGICAL 0/0 | 0A000",
        "BASE_BACKUP | 0A000",
        "UPLOAD_MANIFEST | 0A000",
        "SELECT 1 | 0A000",
        "ALTER_REPLICATION_SLOT none (FAILOVER) | 42704",
        "DROP_REPLICATION_SLOT none | 42704",
        "START_REPLICATION SLOT none 0/300000 | 42704",
        "CREATE_REPLICATION_SLOT \"A b\" PHYSICAL | 42602",
        "TIMELINE_HISTORY 9 | 58P01",
        "SHOW nothing | 42704",
        "IDENTIFY_SYSTEM please | 42601"
      })
  void whatCannotBeDoneIsRefusedAndTheSessionGoesOn(String command, String sqlState)
      throws Exception {
    fixture.openLog(1, START);
    try (var client = fixture.replicate("rep")) {
      assertThatThrownBy(() -> client.query(command))
          .isInstanceOf(PostgresException.class)
          .extracting(e -> ((PostgresException) e).sqlState())
          .isEqualTo(sqlState);
      assertThat(client.query("IDENTIFY_SYSTEM").isEmpty()).isFalse();
    }
  }

  @Test
  void databaseConnectionUnderstandsReplicationCommandsAndSql() throws Exception {
    fixture.openLog(1, START);
    try (var client =
        fixture.connect(fixture.conninfo("trusted") + " replication=database dbname=any")) {
      assertThat(client.query("IDENTIFY_SYSTEM").text(0, 3)).isEqualTo("any");
      assertThatThrownBy(() -> client.query("SELECT 1"))
          .hasMessageContaining("this server does not answer queries");
    }
  }

  @Test
  void clientThatSaysNothingIsCutOff() throws Exception {
    fixture.settings = new SendSettings(10, 10, 300, 60_000, false, ConnectionLog.OFF, false);
    try (var channel = connectRaw()) {
      assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  void nonsenseIsAnsweredWithAViolationAndTheEnd() throws Exception {
    try (var channel = connectRaw()) {
      channel.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
      var answer = ByteBuffer.allocate(1_000);
      while (channel.read(answer) >= 0) {
        // until it closes
      }
      assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8))
          .startsWith("E")
          .contains("08P01");
    }
  }

  @Test
  void serverThatStopsLetsNobodyIn() throws Exception {
    fixture.server.stopListening();
    assertThatThrownBy(() -> fixture.replicate("rep")).isInstanceOf(IOException.class);
  }

  @Test
  void unixSocketIsServedAndItsFilesGoAway() throws Exception {
    Path socket = directory.resolve(".s.PGSQL.5432");
    fixture.server.listenUnix(directory, 5432, UnixSocketAccess.EVERYBODY);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rwxrwxrwx");
    assertThat(directory.resolve(".s.PGSQL.5432.lock")).exists();
    try (var client =
        fixture.connect("host=%s port=5432 user=trusted dbname=d".formatted(directory))) {
      assertThat(client.query("SHOW server_encoding").text(0, 0)).isEqualTo("UTF8");
    }
    fixture.server.stopListening();
    assertThat(socket).doesNotExist();
    assertThat(directory.resolve(".s.PGSQL.5432.lock")).doesNotExist();
  }

  @Test
  void socketWhoseNameIsTooLongIsRefusedInAServersWords() {
    Path deep = directory.resolve("a".repeat(100));
    assertThatThrownBy(() -> fixture.server.listenUnix(deep, 5432, UnixSocketAccess.EVERYBODY))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Unix-domain socket path \"%s/.s.PGSQL.5432\" is too long (maximum 107 bytes)", deep);
  }

  @Test
  void hostThatIsNotKnownIsNamed() {
    assertThatThrownBy(() -> fixture.server.listen("nosuch.invalid", 0))
        .hasMessageStartingWith("could not translate host name \"nosuch.invalid\" to address: ");
  }

  private SocketChannel connectRaw() throws IOException {
    return SocketChannel.open(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), fixture.port));
  }
}
