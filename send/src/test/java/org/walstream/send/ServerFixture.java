package org.walstream.send;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.send.hba.HbaException;
import org.walstream.send.notify.NotificationQueue;
import org.walstream.send.replication.ReplicationCommands;
import org.walstream.send.replication.ReplicationParts;
import org.walstream.send.server.CommandHandler;
import org.walstream.send.server.HbaAccess;
import org.walstream.send.server.WalServer;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.send.slot.RetentionHorizon.Limits;
import org.walstream.send.sql.QueryEngine;
import org.walstream.send.sql.ServerParameters;
import org.walstream.send.sql.SqlCommands;
import org.walstream.send.sql.SqlSession;
import org.walstream.send.walsender.WalSenders;
import org.walstream.store.StoreOptions;
import org.walstream.store.WalLog;
import org.walstream.store.WalStore;
import org.walstream.store.backfill.OlderWal;
import org.walstream.testkit.PrivateFile;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wire.auth.Md5Password;
import org.walstream.wire.auth.ScramSecret;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// A whole server over a store of made-up WAL, listening on a port of its own, for clients of every
/// kind.
///
/// Users: `rep` may replicate, `mon` may monitor, `old` has an md5 secret, `plain` may do nothing,
/// `signal` may end what others do, `super` anything; the password is the name. What is asked in
/// SQL is the test's business. pg_hba.conf asks for SCRAM, but lets `trusted` in, and rejects
/// `evil`.
public final class ServerFixture implements AutoCloseable {

  public static final long SYSTEM_IDENTIFIER = 0x6712_3456_789A_BCDEL;
  public static final WalSegmentSize SEGMENT_SIZE = new WalSegmentSize(1 << 20);

  /// pg_receivewal refuses servers newer than itself.
  public static final String SERVER_VERSION = "15.0 (Walstream)";

  /// Where the WAL begins.
  public static final long START = 3L << 20;

  public final WalStore store;
  public final ReplicationSlots slots;
  public final WalSenders senders;
  public final WalServer server;
  public final int port;
  public final Path directory;
  public volatile SendSettings settings = SendSettings.DEFAULT;
  public volatile Limits limits = Limits.DEFAULT;

  /// What sessions may listen to.
  public final NotificationQueue notifications = new NotificationQueue();

  public final HbaAccess access;

  /// What is left of the WAL of slots.
  public final RetentionHorizon horizon;

  /// A server that answers no queries.
  public ServerFixture(Path directory) throws IOException, HbaException {
    this(directory, fixture -> QueryEngine.NONE);
  }

  /// One that fetches older WAL.
  public ServerFixture(Path directory, OlderWal older) throws IOException, HbaException {
    this(directory, fixture -> QueryEngine.NONE, older);
  }

  /// @param engine is made last, when everything else is there
  public ServerFixture(Path directory, Function<ServerFixture, QueryEngine> engine)
      throws IOException, HbaException {
    this(directory, engine, null);
  }

  private ServerFixture(
      Path directory, Function<ServerFixture, QueryEngine> engine, @Nullable OlderWal older)
      throws IOException, HbaException {
    this.directory = directory;
    store =
        WalStore.open(
            Files.createDirectories(directory.resolve("wal")), StoreOptions.DEFAULT, older);
    slots = ReplicationSlots.open(directory.resolve("slots"), FileLayer.system(), () -> 10);
    senders = new WalSenders(store, () -> settings);
    Files.writeString(
        directory.resolve("pg_hba.conf"),
        """
        host  all,replication  evil     all        reject
        host  all,replication  trusted  all        trust
        host  all,replication  old      all        md5
        host  all              all      samehost   scram-sha-256
        host  replication      rep,plain  samehost scram-sha-256
        local all,replication  trusted             trust
        """);
    PrivateFile.write(
        directory.resolve("users"),
        """
        "rep" "%s" replication
        "mon" "%s" monitor
        "old" "%s" replication
        "plain" "%s"
        "trusted" "" replication monitor
        "super" "%s" superuser
        "signal" "%s" signal
        """
            .formatted(
                ScramSecret.of("rep").format(),
                ScramSecret.of("mon").format(),
                Md5Password.stored("old", "old"),
                ScramSecret.of("plain").format(),
                ScramSecret.of("super").format(),
                ScramSecret.of("signal").format()));
    access = new HbaAccess(paths());
    horizon = new RetentionHorizon(slots, () -> limits);
    server = new WalServer(parts(engine.apply(this)));
    port = server.listen("127.0.0.1", 0);
  }

  private HbaAccess.Paths paths() {
    return new HbaAccess.Paths(
        directory.resolve("pg_hba.conf"),
        directory.resolve("pg_ident.conf"),
        directory.resolve("users"));
  }

  private WalServer.Parts parts(QueryEngine engine) {
    var replication = new ReplicationParts(store, senders, slots, () -> settings);
    CommandHandler.Factory sql =
        (client, parameters, connection) ->
            new SqlCommands(
                engine,
                new SqlSession(client, parameters, access.mayMonitor(client.user()), notifications),
                () -> slots.sessionEnded(client.pid()));
    return new WalServer.Parts(
        access,
        ReplicationCommands.physical(replication),
        ReplicationCommands.withSql(replication, sql),
        sql,
        () -> settings,
        new ServerParameters(store, () -> SERVER_VERSION, this::show)::show,
        Optional::empty,
        "seed");
  }

  private Optional<String> show(String name) {
    return name.equals("max_wal_senders")
        ? Optional.of(Integer.toString(settings.maxWalSenders()))
        : Optional.empty();
  }

  public WalLog openLog(int timeline, long lsn) throws IOException {
    return store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, new TimelineId(timeline), lsn);
  }

  /// Appends `bytes` bytes of noise, and waits until they are flushed.
  public static byte[] append(WalLog log, RandomGenerator random, int bytes) throws IOException {
    byte[] wal = new byte[bytes];
    random.nextBytes(wal);
    long lsn = log.writtenLsn();
    log.append(lsn, ByteBuffer.allocateDirect(bytes).put(wal).flip());
    log.requestFlush();
    if (!log.awaitFlushed(lsn + bytes - 1, Duration.ofMinutes(1).toNanos())) {
      throw new IOException("not flushed");
    }
    return wal;
  }

  public String conninfo(String user) {
    return "host=127.0.0.1 port=%d user=%s password=%s".formatted(port, user, user);
  }

  public PgClient connect(String conninfo) throws IOException {
    var environment = new LibpqEnvironment(Map.of(), "os", Path.of("/nonexistent"), warning -> {});
    return PgClient.connect(ConnectionSettings.of(ConnInfo.parse(conninfo), environment));
  }

  public PgClient replicate(String user) throws IOException {
    return connect(conninfo(user) + " replication=true application_name=standby1");
  }

  @Override
  public void close() throws IOException {
    senders.close();
    notifications.close();
    server.close();
    store.close();
  }
}
