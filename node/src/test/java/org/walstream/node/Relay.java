package org.walstream.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentName;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// A relay for a test: a node in this JVM, in a directory and on a port of its own, that trusts
/// `postgres` from the loopback interface. It may be stopped and started again; closing deletes its
/// files.
///
/// ```java
/// try (var relay = Relay.of(primary.conninfo()).start();
///     var standby = PostgresServer.standbyOf(primary, relay.conninfo()).start()) {
/// ```
final class Relay implements AutoCloseable {

  private final ScratchDirectory scratch = ScratchDirectory.create("relay");
  private final PortReservation port = PortReservation.any();
  private final NodeDirectory directory;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private FileLayer files = FileLayer.system();
  private @Nullable Node node;

  private Relay(@Nullable Path parent) throws IOException {
    directory = new NodeDirectory((parent == null ? scratch.path() : parent).resolve("node"));
    directory.create(List.of());
    hba("host all,replication all 127.0.0.1/32 trust");
    users("\"postgres\" \"\" replication monitor");
    set("listen_addresses", "127.0.0.1");
    set("port", String.valueOf(port.port()));
    set("wal_retrieve_retry_interval", "200ms");
  }

  /// A relay that is to receive from `primaryConninfo`; not yet started.
  static Relay of(String primaryConninfo) throws IOException {
    return new Relay(null).set("primary_conninfo", primaryConninfo);
  }

  /// The same in a directory that somebody else deletes.
  static Relay in(Path parent, String primaryConninfo) throws IOException {
    return new Relay(parent).set("primary_conninfo", primaryConninfo);
  }

  /// A primary that keeps its WAL, however late the relay comes.
  static PostgresServerBuilder primary(int major) {
    return PostgresServer.builder(major).setting("wal_keep_size", "1GB");
  }

  /// One setting, from the next start on.
  Relay set(String name, String value) {
    settings.put(name, value);
    return this;
  }

  /// The whole of `pg_hba.conf`.
  Relay hba(String... lines) throws IOException {
    Files.writeString(directory.hbaFile(), String.join("\n", lines) + "\n");
    return this;
  }

  /// The whole of `users`.
  Relay users(String... lines) throws IOException {
    Files.writeString(directory.usersFile(), String.join("\n", lines) + "\n");
    return this;
  }

  /// Starts, and waits until there is WAL to be served.
  Relay start() throws Exception {
    startAlone();
    Eventually.holds("the relay receives", () -> flushedLsn() != 0);
    return this;
  }

  /// Starts, whether or not the upstream is there.
  Relay startAlone() throws Exception {
    node = Node.start(files, directory, settings);
    return this;
  }

  /// What it writes for good goes through `files`, from the next start on.
  Relay on(FileLayer files) {
    this.files = files;
    return this;
  }

  /// Has it do now what it does now and then.
  void keepHouse() throws IOException {
    Objects.requireNonNull(node).keepHouse();
  }

  /// SQL as `postgres`.
  Connection jdbc() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&socketTimeout=120&loginTimeout=120"
            .formatted(port()));
  }

  /// @return whether the files are right
  boolean reload() {
    return Objects.requireNonNull(node).reload();
  }

  void stop() throws IOException {
    if (node != null) {
      node.stop();
      node = null;
    }
  }

  NodeDirectory directory() {
    return directory;
  }

  int port() {
    return port.port();
  }

  /// How a standby reaches this relay.
  String conninfo() {
    return "host=127.0.0.1 port=" + port.port() + " user=postgres";
  }

  /// A replication connection as `postgres`.
  PgClient connect() throws IOException {
    return connect("");
  }

  /// A replication connection; `more` goes after [#conninfo], and wins.
  PgClient connect(String more) throws IOException {
    return connectTo(conninfo() + " replication=true " + more);
  }

  static PgClient connectTo(String conninfo) throws IOException {
    var nothing = new LibpqEnvironment(Map.of(), "nobody", Path.of("/nonexistent"), w -> {});
    return PgClient.connect(ConnectionSettings.of(ConnInfo.parse(conninfo), nothing));
  }

  Path walDirectory() {
    return directory.walDirectory();
  }

  /// The names of the finished segments here, oldest first.
  List<String> segments() throws IOException {
    try (var files = Files.list(walDirectory())) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(WalSegmentName::isSegmentName)
          .sorted()
          .toList();
    }
  }

  /// How far its WAL is safe, asked as a receiver asks.
  ///
  /// @throws IOException if it has received none yet, or does not run
  long flushedLsn() throws IOException {
    try (var client = connect()) {
      String xlogpos = String.valueOf(client.query("IDENTIFY_SYSTEM").text(0, 2));
      client.terminate();
      return Lsn.parse(xlogpos).value();
    }
  }

  /// This relay in a process of its own, on a copy of its settings: for tests that kill it, or read
  /// what it logs. It must not run in this one.
  CrashProcess process() {
    var words = new ArrayList<>(List.of(directory.path().toString()));
    settings.forEach((name, value) -> words.add(name + "=" + value));
    return CrashProcess.java(RelayMain.class.getName(), words.toArray(String[]::new));
  }

  /// Finished segments here whose bytes differ from those of the same name in `server`'s pg_wal, or
  /// that are not there.
  List<String> segmentsThatDifferFrom(PostgresServer server) throws IOException {
    var differing = new ArrayList<String>();
    for (String name : segments()) {
      Path theirs = server.walDirectory().resolve(name);
      if (!Files.exists(theirs) || Files.mismatch(theirs, walDirectory().resolve(name)) >= 0) {
        differing.add(name);
      }
    }
    return differing;
  }

  /// What the primary believes to be safe with the relay, which is dead: its slot there is `relay`.
  static Lsn acknowledged(PostgresServer primary) {
    Eventually.holds(
        "the primary has seen the relay die",
        () ->
            primary
                .sql("SELECT active FROM pg_replication_slots WHERE slot_name = 'relay'")
                .equals("f"));
    return Lsn.parse(
        primary.sql("SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = 'relay'"));
  }

  /// Waits until `standby` has replayed all that `primary` has written by now.
  static void awaitReplayed(PostgresServer primary, PostgresServer standby) {
    String end = primary.sql("SELECT pg_current_wal_flush_lsn()");
    Eventually.holds(
        standby + " has replayed " + end,
        () ->
            standby
                .sql("SELECT coalesce(pg_last_wal_replay_lsn() >= '%s', false)".formatted(end))
                .equals("t"));
  }

  /// Waits until the relay has `lsn` on disk.
  void awaitFlushed(String lsn) {
    long target = Lsn.parse(lsn).value();
    Eventually.holds("the relay has flushed " + lsn, () -> !Lsn.isBefore(flushedLsn(), target));
  }

  @Override
  public void close() throws IOException {
    try (scratch;
        port) {
      stop();
    }
  }
}
