package org.walstream.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileErrors;
import org.walstream.file.FileLayer;
import org.walstream.node.config.Configuration;
import org.walstream.node.config.ConfigurationException;
import org.walstream.node.config.Parameter;
import org.walstream.node.config.Parameters;
import org.walstream.observe.Archiving;
import org.walstream.redo.recovery.PostmasterPid;
import org.walstream.send.hba.HbaException;
import org.walstream.send.server.HbaAccess;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.send.slot.SlotFormat;
import org.walstream.send.walsender.SenderEvent;
import org.walstream.standby.CascadedWal;
import org.walstream.standby.Standby;
import org.walstream.standby.StandbyService;
import org.walstream.standby.StandbySettings;
import org.walstream.standby.supply.ArchiverStatus;
import org.walstream.wal.control.ControlFile;
import org.walstream.wire.tls.TlsException;

/// What a standby is besides its replay: a server that standbys below it and SQL clients connect
/// to, where `postgres` would listen in this directory, with its slots (`pg_replslot`) and its
/// `pg_hba.conf`.
///
/// Nothing that is wrong with serving keeps a standby from replaying: an address that is taken or a
/// file that cannot be read is told. Only slots that cannot be read end it, before it has changed
/// anything: WAL that they keep would be lost.
///
/// [#begin] and [#end] are the replaying thread's, [#reload] anybody's.
public final class StandbyNode implements StandbyService {

  /// Users and their secrets: those of the catalogs cannot be read from here.
  public static final String USERS_FILE = "walstream.users";

  private static final Logger LOG = LoggerFactory.getLogger(StandbyNode.class);

  /// How long those below may take to confirm what they have been sent last.
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /// The same when a server waits for the directory.
  private static final Duration DRAIN_AT_PROMOTION = Duration.ofSeconds(1);

  /// How long who has asked for a promotion may take to be told of it, on a machine that is busy.
  private static final Duration ANSWER = Duration.ofSeconds(5);

  /// How often it takes note of how much has come and gone.
  private static final long LOOK_SECONDS = 5;

  /// A server's, where they are others than a node's.
  private static final Map<Parameter<?>, Object> DEFAULTS =
      Map.of(
          Parameters.MAX_CONNECTIONS, 100L,
          Parameters.MAX_WAL_SENDERS, 10L,
          Parameters.MAX_REPLICATION_SLOTS, 10L,
          Parameters.WAL_KEEP_SIZE, 0L);

  /// What the command reads that runs the standby.
  private static final Set<String> OTHERS = Set.of("walstream.promote_command");

  private final FileLayer files;
  private final Path data;
  private final Map<String, String> overrides;
  private final boolean hotStandby;
  private final Standby standby;
  private final Reader reader;

  private volatile NodeSettings settings;
  private volatile Instant settingsRead = Instant.now();
  private volatile @Nullable HbaAccess access;
  private volatile @Nullable NodeTls tls;

  // The replaying thread's.
  private @Nullable ReplicationSlots slots;
  private @Nullable RetentionHorizon horizon;
  private @Nullable ControlFile control;
  private @Nullable StandbyReplay replay;
  private @Nullable Serving serving;
  private @Nullable PeriodicTimer feedback;
  private @Nullable PeriodicTimer look;

  /// Reads the standby's own settings, as they are in the files now.
  @FunctionalInterface
  public interface Reader {

    /// @throws ConfigurationException for a value that means nothing
    StandbySettings read() throws IOException, ConfigurationException;
  }

  /// @param overrides settings that win over those of the files
  /// @param hotStandby `hot_standby`: where it is off, a server lets nobody in
  /// @param reader for when they are read again
  /// @throws ConfigurationException naming file and line of a wrong setting
  public StandbyNode(
      FileLayer files,
      Path data,
      Map<String, String> overrides,
      boolean hotStandby,
      Standby standby,
      Reader reader)
      throws IOException, ConfigurationException {
    this.files = files;
    this.data = data;
    this.overrides = overrides;
    this.hotStandby = hotStandby;
    this.standby = standby;
    this.reader = reader;
    this.settings = readSettings();
  }

  private NodeSettings readSettings() throws IOException, ConfigurationException {
    List<Path> present =
        Stream.of("postgresql.conf", "postgresql.auto.conf")
            .map(data::resolve)
            .filter(Files::exists)
            .toList();
    return new NodeSettings(Configuration.load(present, overrides, DEFAULTS, OTHERS));
  }

  @Override
  public PostmasterPid.Listening begin(ControlFile before, CascadedWal wal) throws IOException {
    control = before;
    ReplicationSlots found =
        ReplicationSlots.open(
            data.resolve("pg_replslot"),
            files,
            SlotFormat.ofServer(before.format().majorVersion(), before.checkPoint().nextXid()),
            () -> settings.maxReplicationSlots(),
            InstantSource.system());
    slots = found;
    var kept = new RetentionHorizon(found, () -> settings.retention());
    horizon = kept;
    var shown = new StandbyReplay(standby, wal);
    replay = shown;
    if (!hotStandby) {
      return PostmasterPid.Listening.NOWHERE;
    }
    try {
      var read = new HbaAccess(settings.accessFiles(data, data.resolve(USERS_FILE)));
      access = read;
      var offered = new NodeTls(data, settings);
      tls = offered;
      offered.logHopeless(read.hba());
      var made =
          new Serving(
              origin(before, wal, shown),
              found,
              kept,
              read,
              offered,
              () -> settings,
              () -> new NodeStatus.Loaded(settings.configuration(), settingsRead),
              SenderEvent.Listener.SILENT);
      serving = made;
      made.start();
      PostmasterPid.Listening where = listen(made);
      var timer =
          FeedbackRelay.timer(
              made.senders(), found, standby::feedback, () -> settings.passesFeedback());
      timer.start();
      feedback = timer;
      var looking = new PeriodicTimer("throughput", LOOK_SECONDS, made::look);
      looking.start();
      look = looking;
      return where;
    } catch (HbaException | TlsException e) {
      LOG.warn("{}; nobody is let in", e.getMessage());
      return PostmasterPid.Listening.NOWHERE;
    }
  }

  private Serving.Origin origin(ControlFile before, CascadedWal wal, StandbyReplay shown) {
    String version = "%d.0 (%s)".formatted(before.format().majorVersion(), Node.PROGRAM);
    return new Serving.Origin(
        wal,
        () -> version,
        Optional::empty, // nobody waits for the standbys of a standby
        standby::receiver,
        Optional.of(shown),
        () -> standby.archiver().map(StandbyNode::archiving),
        data.resolve("postgresql.conf"),
        this::reload,
        before.mockAuthenticationNonce());
  }

  private static Archiving archiving(ArchiverStatus status) {
    return new Archiving(
        status.archivedCount(),
        status.lastArchived().map(ArchiverStatus.Attempt::file),
        status.lastArchived().map(ArchiverStatus.Attempt::at),
        status.failedCount(),
        status.lastFailed().map(ArchiverStatus.Attempt::file),
        status.lastFailed().map(ArchiverStatus.Attempt::at),
        status.since());
  }

  private PostmasterPid.Listening listen(Serving made) {
    int port = settings.port();
    var addresses = new ArrayList<String>();
    var sockets = new ArrayList<String>();
    for (String address : settings.listenAddresses()) {
      try {
        port = made.listen(address, port);
        addresses.add(address);
      } catch (IOException e) {
        LOG.warn("{}; nobody is let in there", FileErrors.text(e));
      }
    }
    for (Path directory : settings.unixSocketDirectories()) {
      try {
        made.listenUnix(directory, port, settings.unixSocketAccess());
        sockets.add(directory.toString());
      } catch (IOException e) {
        LOG.warn(
            "could not create Unix socket in \"{}\": {}; nobody is let in there",
            directory,
            FileErrors.text(e));
      }
    }
    if (!addresses.isEmpty() || !sockets.isEmpty()) {
      LOG.info("ready to accept read-only connections");
    }
    return new PostmasterPid.Listening(port, first(sockets), first(addresses));
  }

  private static String first(List<String> names) {
    return names.isEmpty() ? "" : names.getFirst();
  }

  @Override
  public long keepFrom(long endLsn) throws IOException {
    RetentionHorizon kept = horizon;
    ControlFile before = control;
    return kept == null || before == null
        ? endLsn
        : kept.keepFrom(endLsn, before.layout().walSegmentSize());
  }

  /// Reads the files again. If one is wrong, nothing changes and the log says what it was.
  ///
  /// @return false if one is wrong
  public boolean reload() {
    LOG.info("received SIGHUP, reloading configuration files");
    try {
      NodeSettings next = readSettings();
      StandbySettings nextOfStandby = reader.read();
      HbaAccess open = access;
      if (open != null) {
        open.reload(next.accessFiles(data, data.resolve(USERS_FILE)));
      }
      NodeTls offered = tls;
      if (offered != null) {
        offered.reload(next);
      }
      settings = next;
      settingsRead = Instant.now();
      standby.reconfigure(nextOfStandby);
      return true;
    } catch (ConfigurationException | HbaException | IOException e) {
      LOG.error("configuration files contain errors; no changes were applied: {}", e.getMessage());
      return false;
    }
  }

  @Override
  public void end(boolean promoted) throws IOException {
    if (replay != null && promoted) {
      replay.promoted();
    }
    try {
      if (feedback != null) {
        feedback.close();
      }
      if (look != null) {
        look.close();
      }
      if (serving != null) {
        endServing(serving, promoted);
      }
    } finally {
      if (slots != null) {
        slots.save();
      }
    }
  }

  private void endServing(Serving open, boolean promoted) throws IOException {
    try {
      open.stopListening();
      open.drain(promoted ? DRAIN_AT_PROMOTION : DRAIN);
      awaitAnswer(open);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.close();
    }
  }

  /// Who has asked for a promotion and waits for it shall hear that it is done.
  private void awaitAnswer(Serving open) {
    long deadline = System.nanoTime() + ANSWER.toNanos();
    while (isAnswerDue(open) && deadline - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private boolean isAnswerDue(Serving open) {
    StandbyReplay asked = replay;
    return asked != null
        && open.activity().stream()
            .anyMatch(session ->
                asked.isPromoter(session.client().pid()) && session.state().equals("active"));
  }
}
