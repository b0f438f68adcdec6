package org.walstream.send.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.send.ClientIdentity;
import org.walstream.send.SendSettings;
import org.walstream.send.guc.SessionParameters;
import org.walstream.send.server.Session.ReplicationMode;
import org.walstream.wire.AddressText;
import org.walstream.wire.SqlState;
import org.walstream.wire.message.StartupPacket;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;
import org.walstream.wire.tls.ServerTls;
import org.walstream.wire.transport.KeepaliveOptions;
import org.walstream.wire.transport.SocketTransport;

/// The server that standbys, receivers, further relays and psql connect to.
///
/// A platform thread accepts on each address; each connection is a [Session] on a virtual thread.
/// Clients that do not authenticate in time are cut off by a timer. Thread-safe.
public final class WalServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WalServer.class);
  private static final int BACKLOG = 512;

  /// How long a session that is to end may take to tell its client.
  private static final Duration TERMINATE_GRACE = Duration.ofSeconds(2);

  /// How long all of them together may take when the server ends.
  private static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(1);

  /// How long those whose connections have been cut are waited for: what each still does, such as
  /// saving its slot, is done soon, but for a disk that hangs.
  private static final Duration CUT_GRACE = Duration.ofMinutes(1);

  /// What the server is made of, apart from where it listens.
  ///
  /// @param replication makes handlers for connections with `replication=true` and
  ///   `replication=database`
  /// @param sql makes handlers for the others
  /// @param show a parameter of the server by its name in lower case, as SHOW prints it;
  ///   `server_version` is the upstream's, for clients decide by it what they can do
  /// @param tls what connections over TCP may be encrypted with from now on; empty: nothing
  /// @param secretSeed stays the same for this node and is not known outside
  public record Parts(
      AccessControl access,
      CommandHandler.Factory replication,
      CommandHandler.Factory replicationAndSql,
      CommandHandler.Factory sql,
      Supplier<SendSettings> settings,
      Function<String, Optional<String>> show,
      Supplier<Optional<ServerTls>> tls,
      String secretSeed) {}

  private final Parts parts;
  private final List<ServerSocketChannel> listeners = new ArrayList<>();
  private final List<UnixSocketFile> socketFiles = new ArrayList<>();
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private final AtomicInteger lastPid = new AtomicInteger(1000);
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("authentication timer").daemon(true).factory());
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private volatile boolean stopping;

  public WalServer(Parts parts) {
    this.parts = parts;
    timer.setRemoveOnCancelPolicy(true);
  }

  /// Listens on `port` of an address: an IP address, a host name (all of its addresses, as far as
  /// they can be had), or `*`.
  ///
  /// @return the port, which the system has chosen if it was 0
  /// @throws IOException saying what is wrong with the name, or with all of its addresses
  public int listen(String address, int port) throws IOException {
    if (address.equals("*")) {
      return listen(address, new InetSocketAddress(port));
    }
    int bound = port;
    var refused = new ArrayList<BindException>();
    InetAddress[] addresses = addresses(address);
    for (InetAddress each : addresses) {
      try {
        bound = listen(AddressText.of(each), new InetSocketAddress(each, bound));
      } catch (BindException e) {
        refused.add(e);
      }
    }
    if (refused.size() == addresses.length) {
      throw refused.getFirst();
    }
    refused.forEach(e -> LOG.warn(e.getMessage()));
    return bound;
  }

  private static InetAddress[] addresses(String name) throws IOException {
    try {
      return InetAddress.getAllByName(name);
    } catch (UnknownHostException e) {
      String reason = String.valueOf(e.getMessage()).replace(name + ": ", "");
      throw new IOException(
          "could not translate host name \"%s\" to address: %s".formatted(name, reason), e);
    }
  }

  private int listen(String shown, InetSocketAddress address) throws IOException {
    var channel = ServerSocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    try {
      channel.bind(address, BACKLOG);
    } catch (BindException e) {
      channel.close();
      throw new BindException(
          "could not bind address \"%s\" port %d: %s"
              .formatted(shown, address.getPort(), e.getMessage()));
    }
    int bound = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    LOG.info("listening on address \"{}\", port {}", shown, bound);
    accept(channel);
    return bound;
  }

  /// Listens on the Unix socket `.s.PGSQL.PORT` in `directory`.
  ///
  /// @throws IOException if a living process owns the socket, or `access` cannot be given
  public void listenUnix(Path directory, int port, UnixSocketAccess access) throws IOException {
    var file = UnixSocketFile.claim(directory, port);
    socketFiles.add(file);
    ServerSocketChannel channel = file.bind(BACKLOG, access);
    LOG.info("listening on Unix socket \"{}\"", file.path());
    accept(channel);
  }

  private void accept(ServerSocketChannel channel) throws IOException {
    listeners.add(channel);
    Thread.ofPlatform()
        .name("listener " + channel.getLocalAddress())
        .daemon(true)
        .start(() -> acceptAll(channel));
  }

  private void acceptAll(ServerSocketChannel channel) {
    while (channel.isOpen()) {
      try {
        begin(channel.accept());
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException e) {
        LOG.warn("could not accept new connection: {}", e.getMessage());
        pause(); // out of descriptors, most likely: it passes
      }
    }
  }

  private void begin(SocketChannel channel) throws IOException {
    var connection =
        new ServerConnection(SocketTransport.over(channel, KeepaliveOptions.SYSTEM_DEFAULT));
    var session = new Session(lastPid.incrementAndGet(), connection, this);
    sessions.add(session);
    if (stopping) {
      session.close();
    }
    try {
      session.cutUnlessAuthenticated(
          timer.schedule(
              session::close,
              parts.settings.get().authenticationTimeoutMs(),
              TimeUnit.MILLISECONDS));
    } catch (RejectedExecutionException closing) {
      session.close();
      ended(session); // it has never begun
      return;
    }
    Thread.ofVirtual().name("session").start(session);
  }

  AccessControl access() {
    return parts.access;
  }

  Optional<ServerTls> tls() {
    return parts.tls.get();
  }

  SendSettings settings() {
    return parts.settings.get();
  }

  SessionParameters parametersFor(ClientIdentity client) {
    String superuser = access().isSuperuser(client.user()) ? "on" : "off";
    return new SessionParameters(
        name -> name.equals("is_superuser") ? Optional.of(superuser) : parts.show.apply(name),
        client.user());
  }

  String secretSeed() {
    return parts.secretSeed;
  }

  CommandHandler.Factory handlers(ReplicationMode mode) {
    return switch (mode) {
      case NONE -> parts.sql;
      case PHYSICAL -> parts.replication;
      case DATABASE -> parts.replicationAndSql;
    };
  }

  /// @throws ServerError if `max_connections` are there already
  void checkRoom(ClientIdentity client) throws ServerError {
    if (stopping) {
      throw ServerError.fatal(SqlState.CANNOT_CONNECT_NOW, "the database system is shutting down");
    }
    if (sessions.size() > settings().maxConnections()) {
      LOG.info("refused {}: too many clients", client.hostOrLocal());
      throw ServerError.fatal(SqlState.TOO_MANY_CONNECTIONS, "sorry, too many clients already");
    }
  }

  /// What the sessions that have been let in are doing.
  public List<SessionActivity> activity() {
    return sessions.stream().flatMap(session -> session.activity().stream()).toList();
  }

  /// Ends a session, and tells its client; false if there is none with this number.
  public boolean terminate(int pid) {
    Optional<Session> found = find(pid);
    found.ifPresent(session -> {
      session.terminate();
      // One that cannot be told, because it does not read, is cut.
      var _ = timer.schedule(session::close, TERMINATE_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    });
    return found.isPresent();
  }

  /// Ends what a session is doing, if anything, as its client's cancel request does; false if there
  /// is none with this number.
  public boolean cancel(int pid) {
    Optional<Session> found = find(pid);
    found.ifPresent(Session::cancel);
    return found.isPresent();
  }

  void cancel(StartupPacket.CancelRequest request) {
    find(request.processId()).ifPresent(session -> session.cancel(request.secretKey()));
  }

  private Optional<Session> find(int pid) {
    return sessions.stream().filter(session -> session.pid() == pid).findFirst();
  }

  void ended(Session session) {
    sessions.remove(session);
    lock.lock();
    try {
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitEnd(Duration patience) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (!sessions.isEmpty() && left > 0) {
        left = ended.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /// Lets nobody in any more. Who is there stays, until [#close].
  public void stopListening() throws IOException {
    stopping = true;
    for (ServerSocketChannel listener : listeners) {
      listener.close();
    }
    for (UnixSocketFile file : socketFiles) {
      file.close();
    }
  }

  /// Ends all sessions: their clients are told, those that read. Counterpart of a fast shutdown. On
  /// return no session writes any more, to slots or anything else.
  @Override
  public void close() throws IOException {
    stopListening();
    sessions.forEach(Session::terminate);
    awaitEnd(SHUTDOWN_GRACE);
    timer.shutdownNow();
    sessions.forEach(Session::close);
    awaitEnd(CUT_GRACE);
    if (!sessions.isEmpty()) {
      LOG.warn("{} sessions have not ended", sessions.size());
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
