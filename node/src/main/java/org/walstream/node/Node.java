package org.walstream.node;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileErrors;
import org.walstream.file.FileLayer;
import org.walstream.file.NoSpaceException;
import org.walstream.node.config.Configuration;
import org.walstream.node.config.ConfigurationException;
import org.walstream.node.config.Parameters;
import org.walstream.node.log.LogSink;
import org.walstream.node.log.Severity;
import org.walstream.observe.change.ReplicationWatch;
import org.walstream.receive.ReceiveOptions;
import org.walstream.receive.UpstreamWal;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.send.hba.HbaException;
import org.walstream.send.server.HbaAccess;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.send.walsender.WalSenders;
import org.walstream.store.StoreOptions;
import org.walstream.store.WalStore;
import org.walstream.wire.transport.Network;

/// A running relay: receives WAL from upstream, keeps it, and sends it to whoever follows.
///
/// ```
/// upstream ──▶ receiver ──▶ store ──▶ senders ──▶ standbys
///                             │
///                             └─ slots, retention
/// ```
///
/// What is here is served from the first moment, whether or not the upstream answers. Start order:
/// lock, store, slots, server, receiver. Stop order: no new clients, receiver (flushed and
/// acknowledged), store (no more WAL will come), senders (drained), the rest. A kill -9 needs no
/// order.
///
/// [#reload] and [#stop] may be called from any thread.
public final class Node implements AutoCloseable {

  /// What a node calls itself to its clients, behind the version of PostgreSQL.
  public static final String PROGRAM = "walstream 0.1.0";

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final int SPARE_SEGMENTS = 4;
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final FileLayer files;
  private final NodeDirectory directory;
  private final Map<String, String> overrides;
  private final PidFile pidFile;
  private final WalStore store;
  private final ReplicationSlots slots;
  private final HbaAccess access;
  private final NodeTls tls;
  private final DownstreamFlush downstream;
  private final Serving serving;
  private final Housekeeping housekeeping;
  private final @Nullable PeriodicTimer feedback;
  private final @Nullable ReceiverThread receiver;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile NodeSettings settings;
  private volatile Instant settingsRead = Instant.now();
  private volatile @Nullable Exception failure;
  private volatile int port;
  private boolean stopping;

  private Node(
      FileLayer files,
      NodeDirectory directory,
      Map<String, String> overrides,
      NodeSettings settings,
      PidFile pidFile)
      throws IOException, HbaException {
    this.files = files;
    this.directory = directory;
    this.overrides = overrides;
    this.settings = settings;
    this.pidFile = pidFile;
    this.access = new HbaAccess(settings.accessFiles(directory.path(), directory.usersFile()));
    this.tls = new NodeTls(directory.path(), settings);
    this.store =
        WalStore.open(
            directory.walDirectory(),
            StoreOptions.DEFAULT
                .withFiles(settings.walFiles(files, directory.walDirectory()))
                .withSpareSegmentsMax(SPARE_SEGMENTS),
            settings.hasUpstream() ? new UpstreamWal(this::receiveOptions, Network.real()) : null);
    try {
      this.slots =
          ReplicationSlots.open(
              directory.slotsDirectory(), files, () -> this.settings.maxReplicationSlots());
      var horizon = new RetentionHorizon(slots, () -> this.settings.retention());
      this.downstream =
          new DownstreamFlush(
              this::senders, () -> this.settings.waitedFor(), this::reportPositions);
      this.serving =
          new Serving(
              origin(),
              slots,
              horizon,
              access,
              tls,
              () -> this.settings,
              () -> new NodeStatus.Loaded(this.settings.configuration(), settingsRead),
              event -> downstream.look());
      this.housekeeping =
          new Housekeeping(
              store,
              horizon,
              () -> this.settings.keepsAll(),
              new SpaceReserve(files, directory.spaceReserveFile()),
              () -> slots.invalidateIdle(this.settings.idleSlotTimeout()),
              serving::look);
      this.receiver = settings.hasUpstream() ? receiver(serving.changes()) : null;
      this.feedback =
          receiver == null
              ? null
              : FeedbackRelay.timer(
                  serving.senders(),
                  slots,
                  receiver::feedback,
                  () -> this.settings.passesFeedback());
    } catch (IOException | RuntimeException e) {
      store.close(); // whoever tries again finds the directory free
      throw e;
    }
  }

  private Serving.Origin origin() throws IOException {
    var version = new ServerVersion(store, PROGRAM);
    return new Serving.Origin(
        store,
        version::text,
        () -> settings.waitedFor(),
        () -> receiver == null ? Optional.empty() : receiver.status(),
        Optional.empty(),
        Optional::empty,
        directory.configurationFile(),
        this::reload,
        AuthenticationNonce.of(directory.authenticationNonceFile(), files));
  }

  private ReceiverThread receiver(ReplicationWatch changes) {
    var log = new ReceiverLog();
    return new ReceiverThread(
        store,
        downstream::promise,
        this::receiveOptions,
        event -> {
          log.on(event);
          changes.on(event);
        },
        this::fail);
  }

  /// Starts a node: everything that can be wrong with its files is found before anything is
  /// changed.
  ///
  /// @param overrides settings that win over the file's
  /// @throws ConfigurationException naming file and line of a wrong setting
  /// @throws HbaException naming file and line of what is wrong in `pg_hba.conf` or `users`
  /// @throws org.walstream.wire.tls.TlsException if there is something wrong with its certificates
  /// @throws IOException if the directory is not a node, another process runs it, or an address is
  ///   taken
  public static Node start(NodeDirectory directory, Map<String, String> overrides)
      throws IOException, ConfigurationException, HbaException {
    return start(FileLayer.system(), directory, overrides);
  }

  /// The same on another file system: WAL, slots and all else that a node writes for good.
  static Node start(FileLayer files, NodeDirectory directory, Map<String, String> overrides)
      throws IOException, ConfigurationException, HbaException {
    directory.requireNode();
    var settings = new NodeSettings(Configuration.load(directory.configurationFile(), overrides));
    configureLog(settings);
    if (settings.hasUpstream()) {
      settings
          .receiving(); // a wrong primary_conninfo shall stop the start, not be retried for ever
    }
    PidFile pidFile = lock(files, directory, settings);
    Node node;
    try {
      node = new Node(files, directory, overrides, settings, pidFile);
    } catch (IOException | HbaException | RuntimeException e) {
      pidFile.close();
      throw e;
    }
    try {
      node.open();
    } catch (IOException e) {
      node.stop();
      throw e;
    }
    return node;
  }

  /// On a full disk there is space for the lock's text; it is kept aside again by housekeeping.
  private static PidFile lock(FileLayer files, NodeDirectory directory, NodeSettings settings)
      throws IOException {
    try {
      return PidFile.lock(directory.pidFile(), settings.port());
    } catch (IOException e) {
      if (!NoSpaceException.isMeantBy(e)) {
        throw e;
      }
      new SpaceReserve(files, directory.spaceReserveFile()).giveAway();
      return PidFile.lock(directory.pidFile(), settings.port());
    }
  }

  private void open() throws IOException {
    LOG.info("starting {} in \"{}\"", PROGRAM, directory.path());
    logPassedOver(settings);
    tls.logHopeless(access.hba());
    port = settings.port();
    each(
        settings.listenAddresses(),
        "could not create listen socket for",
        address -> port = serving.listen(address, port));
    each(
        settings.unixSocketDirectories(),
        "could not create Unix-domain socket in directory",
        directory -> serving.listenUnix(directory, port, settings.unixSocketAccess()));
    housekeeping.start();
    serving.start();
    if (feedback != null) {
      feedback.start();
    }
    if (receiver != null) {
      receiver.start();
    }
    LOG.info("ready to accept connections");
  }

  private interface Opening<T> {
    void open(T where) throws IOException;
  }

  /// An address that this machine does not have, or not yet, keeps nobody from the others.
  ///
  /// @throws IOException if none can be had
  private static <T> void each(List<T> all, String warning, Opening<T> opening) throws IOException {
    var failures = new LinkedHashMap<T, IOException>();
    for (T where : all) {
      try {
        opening.open(where);
      } catch (IOException e) {
        failures.put(where, e);
      }
    }
    if (!all.isEmpty() && failures.size() == all.size()) {
      throw failures.values().iterator().next();
    }
    failures.forEach((where, e) -> LOG.warn("{} \"{}\": {}", warning, where, FileErrors.text(e)));
  }

  /// Does now what is otherwise done now and then: saves slots, lets go of WAL that nobody needs.
  ///
  /// @throws IOException if that has failed, which otherwise is logged and tried again
  void keepHouse() throws IOException {
    housekeeping.now();
  }

  private WalSenders senders() {
    return serving.senders();
  }

  private void reportPositions() {
    if (receiver != null) {
      receiver.reportPositions();
    }
  }

  private ReceiveOptions receiveOptions() {
    try {
      return settings.receiving();
    } catch (ConfigurationException e) {
      throw new IllegalStateException("settings were checked when they were read", e);
    }
  }

  /// Reads the files again. If one is wrong, nothing changes and the log says what it was.
  ///
  /// @return false if one is wrong
  public boolean reload() {
    LOG.info("received SIGHUP, reloading configuration files");
    try {
      var next = new NodeSettings(Configuration.load(directory.configurationFile(), overrides));
      if (next.hasUpstream()) {
        next.receiving();
      }
      access.reload(next.accessFiles(directory.path(), directory.usersFile()));
      tls.reload(next);
      tls.logHopeless(access.hba());
      if (!next.configuration().passedOver().equals(settings.configuration().passedOver())) {
        logPassedOver(next);
      }
      for (String name : settings.configuration().needRestart(next.configuration())) {
        LOG.info("parameter \"{}\" cannot be changed without restarting the server", name);
      }
      settings = next;
      settingsRead = Instant.now();
      downstream.look();
      configureLog(next);
      return true;
    } catch (ConfigurationException | HbaException | IOException e) {
      LOG.error("configuration files contain errors; no changes were applied: {}", e.getMessage());
      return false;
    }
  }

  /// The port of TCP and Unix sockets.
  public int port() {
    return port;
  }

  /// A line for whoever watches the process: how it is supplied, and who follows.
  public String activity() {
    String upstream =
        receiver == null
            ? "no upstream"
            : receiver.status().map(WalReceiverStatus::summary).orElse("not connected");
    int followers = serving.senders().active().size();
    return "%s; %d %s".formatted(upstream, followers, followers == 1 ? "standby" : "standbys");
  }

  private void fail(Exception cause) {
    failure = cause;
    stopped.countDown();
  }

  /// Waits until the node has been stopped, or has failed.
  ///
  /// @throws IOException if WAL could be kept no more
  public void awaitStop() throws InterruptedException, IOException {
    stopped.await();
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  /// Stops in order; see above. Returns when all is done; a second call returns at once.
  public void stop() throws IOException {
    synchronized (this) {
      if (stopping) {
        return;
      }
      stopping = true;
    }
    LOG.info("shutting down");
    try {
      serving.stopListening();
      if (receiver != null) {
        receiver.stop();
      }
      housekeeping.close();
      if (feedback != null) {
        feedback.close();
      }
      store.close();
      serving.drain(DRAIN);
      slots.save();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      serving.close();
      pidFile.close();
      LOG.info("node is shut down");
      stopped.countDown();
    }
  }

  @Override
  public void close() throws IOException {
    stop();
  }

  /// A file copied from a server holds much that a node has no use for: said once, and no error.
  private static void logPassedOver(NodeSettings settings) {
    var names = settings.configuration().passedOver();
    if (!names.isEmpty()) {
      LOG.info("parameters without effect on this node: {}", String.join(", ", names));
    }
  }

  private static void configureLog(NodeSettings settings) {
    LogSink.configure(
        settings.configuration().get(Parameters.LOG_DESTINATION),
        settings.configuration().get(Parameters.LOG_LINE_PREFIX),
        Severity.ofSetting(settings.configuration().get(Parameters.LOG_MIN_MESSAGES)),
        System.err);
  }
}
