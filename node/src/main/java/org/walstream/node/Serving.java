package org.walstream.node;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.walstream.observe.Archiving;
import org.walstream.observe.ReplayStatus;
import org.walstream.observe.Throughput;
import org.walstream.observe.change.ReplicationWatch;
import org.walstream.observe.sql.SqlEngine;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.send.notify.NotificationQueue;
import org.walstream.send.replication.ReplicationCommands;
import org.walstream.send.replication.ReplicationParts;
import org.walstream.send.server.CommandHandler;
import org.walstream.send.server.HbaAccess;
import org.walstream.send.server.SessionActivity;
import org.walstream.send.server.UnixSocketAccess;
import org.walstream.send.server.WalServer;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.send.sql.ServerParameters;
import org.walstream.send.sql.SqlCommands;
import org.walstream.send.sql.SqlSession;
import org.walstream.send.sync.StandbyNames;
import org.walstream.send.walsender.SenderEvent;
import org.walstream.send.walsender.WalSenders;
import org.walstream.store.ServedWal;
import org.walstream.wal.machine.Machine;

/// The part of a node that serves: senders, sessions and SQL over WAL that somebody else brings and
/// keeps.
///
/// ```
///                     ┌── Node            a store of ours, a receiver
///   Serving ◀─────────┤
///                     └── StandbyNode     a data directory that is replayed
/// ```
final class Serving implements AutoCloseable {

  /// What is served, and what is to be told of it.
  ///
  /// @param version as `server_version` reports it
  /// @param waitedFor which standbys the upstream is told to wait for
  /// @param receiver how WAL comes
  /// @param replay what is replayed; empty when nothing is
  /// @param configurationFile what is said of in `pg_file_settings`
  /// @param reloader reads the configuration again
  /// @param nonce stays the same for this node and is not known outside
  record Origin(
      ServedWal wal,
      Supplier<String> version,
      Supplier<Optional<StandbyNames>> waitedFor,
      Supplier<Optional<WalReceiverStatus>> receiver,
      Optional<ReplayStatus> replay,
      Supplier<Optional<Archiving>> archiver,
      Path configurationFile,
      BooleanSupplier reloader,
      String nonce) {}

  private final NotificationQueue notifications = new NotificationQueue();
  private final Throughput throughput = new Throughput();
  private final ReplicationWatch changes;
  private final WatchThread watch;
  private final WalSenders senders;
  private final NodeStatus status;
  private final SqlEngine queries;
  private final WalServer server;

  /// @param settings those in force
  /// @param loaded the same, and when they were read
  /// @param standbys is told what happens to each
  Serving(
      Origin origin,
      ReplicationSlots slots,
      RetentionHorizon horizon,
      HbaAccess access,
      NodeTls tls,
      Supplier<NodeSettings> settings,
      Supplier<NodeStatus.Loaded> loaded,
      SenderEvent.Listener standbys) {
    this.changes =
        new ReplicationWatch(
            this::status, change -> notifications.publish(change.toJson()), Clock.systemUTC());
    this.watch = new WatchThread(notifications, changes);
    this.senders =
        new WalSenders(
            origin.wal,
            () -> settings.get().sending(),
            event -> {
              changes.on(event);
              standbys.on(event);
            },
            Machine.real());
    this.status =
        new NodeStatus(
            origin.wal,
            slots,
            horizon,
            senders,
            origin.waitedFor,
            origin.receiver,
            origin.replay,
            origin.archiver,
            access,
            this::server,
            loaded,
            origin.version,
            Instant.now(),
            throughput,
            origin.configurationFile,
            origin.reloader);
    this.queries = new SqlEngine(status);
    this.server = new WalServer(parts(origin, slots, access, tls, settings));
  }

  private WalServer.Parts parts(
      Origin origin,
      ReplicationSlots slots,
      HbaAccess access,
      NodeTls tls,
      Supplier<NodeSettings> settings) {
    var shown =
        new ServerParameters(
            origin.wal, origin.version, name -> settings.get().configuration().show(name));
    var parts = new ReplicationParts(origin.wal, senders, slots, () -> settings.get().sending());
    CommandHandler.Factory sql =
        (client, parameters, connection) ->
            new SqlCommands(
                queries,
                new SqlSession(client, parameters, access.mayMonitor(client.user()), notifications),
                () -> slots.sessionEnded(client.pid()));
    return new WalServer.Parts(
        access,
        ReplicationCommands.physical(parts),
        ReplicationCommands.withSql(parts, sql),
        sql,
        () -> settings.get().sending(),
        shown::show,
        tls::current,
        origin.nonce);
  }

  private NodeStatus status() {
    return status;
  }

  private WalServer server() {
    return server;
  }

  /// What those who listen are told; also of what others bring it.
  ReplicationWatch changes() {
    return changes;
  }

  /// Begins to look at what changes without an event of its own.
  void start() {
    watch.start();
  }

  /// Looks once, whether anybody listens or not, and takes note of how much has come and gone.
  void look() {
    changes.look();
    throughput.sample(status);
  }

  WalSenders senders() {
    return senders;
  }

  /// What the sessions that have been let in are doing.
  List<SessionActivity> activity() {
    return server.activity();
  }

  /// @return the port, which the system has chosen if it was 0
  int listen(String address, int port) throws IOException {
    return server.listen(address, port);
  }

  void listenUnix(Path directory, int port, UnixSocketAccess access) throws IOException {
    server.listenUnix(directory, port, access);
  }

  /// Lets nobody in any more.
  void stopListening() throws IOException {
    server.stopListening();
  }

  /// Ends all streams: each standby gets what is left and confirms it, as far as it does so in
  /// time.
  void drain(Duration patience) throws InterruptedException {
    senders.stop(patience);
  }

  /// Cuts all connections.
  @Override
  public void close() throws IOException {
    senders.close();
    watch.close();
    server.close();
    queries.close();
  }
}
