package org.walstream.node.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.file.NoSpaceException;
import org.walstream.receive.CorruptWalException;
import org.walstream.receive.ReceiveEvent;
import org.walstream.receive.ReceiveOptions;
import org.walstream.receive.StoreSink;
import org.walstream.receive.UpstreamWal;
import org.walstream.receive.WalReceiver;
import org.walstream.send.SendSettings;
import org.walstream.send.replication.ReplicationParts;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.send.slot.SlotFormat;
import org.walstream.send.walsender.SenderEvent;
import org.walstream.send.walsender.WalSenders;
import org.walstream.store.StoreOptions;
import org.walstream.store.WalLog;
import org.walstream.store.WalLogFailedException;
import org.walstream.store.WalStore;
import org.walstream.store.WalStoreException;
import org.walstream.wal.Lsn;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.server.ServerError;
import org.walstream.wire.transport.Network;
import org.walstream.wire.transport.Transport;

/// A computer of the simulation, and the processes that run on it one after the other: the
/// program's own store, receiver, senders, slots and retention, put together as a node puts them
/// together. What it has promised is remembered outside.
///
/// Number 0 has nobody above it: it is the primary, and its WAL is [TrueHistory]'s.
final class SimulatedNode implements SimulatedNetwork.Listener {

  private static final long HOUSEKEEPING_NANOS = 700_000_000;
  private static final long LONGEST_STOP_NANOS = 60_000_000_000L;

  private static final LibpqEnvironment ENVIRONMENT =
      new LibpqEnvironment(Map.of(), "simulated", Path.of("/simulated"), _ -> {});

  /// How a node differs from others.
  ///
  /// @param upstream the number of the node it follows; -1 for none
  /// @param fetches whether it fetches older WAL from there when asked for it
  /// @param keepBytes WAL kept for those without a slot
  record Role(
      int upstream,
      boolean synchronous,
      boolean fetches,
      boolean forwardsFlushed,
      long keepBytes) {}

  /// Whether receivers are heard, for people: `-Dwalstream.simulation.telling=true`.
  private static final boolean TELLING = Boolean.getBoolean("walstream.simulation.telling");

  private final int number;
  private final Role role;
  private final SimulatedNetwork network;
  private final TrueHistory truth;
  private final SimulatedDisk disk;
  private final Path directory;
  private final ReceiveOptions options;

  private SimulatedProcess process;
  private boolean running;
  private int sessions;
  private @Nullable WalStore store;
  private @Nullable WalReceiver receiver;
  private @Nullable ReplicationParts parts;

  /// The most that this node's upstream has been told to be flushed here.
  private long reportedLsn;

  /// Where WAL began when there was none: all before that is nobody's loss.
  private long begunLsn;

  /// What it is to write, if it is the primary.
  private final PrimaryWriter.Plan plan = new PrimaryWriter.Plan();

  SimulatedNode(int number, Role role, SimulatedNetwork network, TrueHistory truth) {
    this.number = number;
    this.role = role;
    this.network = network;
    this.truth = truth;
    this.process = new SimulatedProcess(network.simulator());
    process.kill(); // nobody runs yet
    this.begunLsn = role.upstream < 0 ? TrueHistory.START : 0;
    this.disk = new SimulatedDisk(network.random(), process);
    this.directory = Path.of("/simulated/" + number);
    disk.createDirectory(directory.resolve("wal"));
    this.options = options(number, role);
    network.listen(port(), this);
  }

  int number() {
    return number;
  }

  int port() {
    return SimulatedNetwork.FIRST_PORT + number;
  }

  Role role() {
    return role;
  }

  boolean isRunning() {
    return running;
  }

  SimulatedDisk disk() {
    return disk;
  }

  String slotName() {
    return slotName(number);
  }

  private static String slotName(int number) {
    return "node_" + number;
  }

  /// A standby of this one has said so.
  void reported(long flushedLsn) {
    reportedLsn = Lsn.max(reportedLsn, flushedLsn);
  }

  /// What the primary is to write.
  PrimaryWriter.Plan plan() {
    return plan;
  }

  Optional<WalLog> log() {
    WalStore open = store;
    return open == null ? Optional.empty() : open.currentLog();
  }

  private boolean hasWal() {
    WalStore open = store;
    return open != null && open.reachedLsn() != 0;
  }

  long flushedLsn() {
    return log().map(WalLog::flushedLsn).orElse(0L);
  }

  // ---------------------------------------------------------------------------------------------
  // Life and death

  /// Begins a life.
  ///
  /// @param standbys who may follow it, for their slots
  void start(Iterable<SimulatedNode> standbys, SenderEvent.Listener events) {
    process = new SimulatedProcess(network.simulator());
    disk.usedBy(process);
    running = true;
    process.platformThread("main", () -> main(standbys, events)).start();
  }

  /// SIGKILL.
  void kill() {
    die();
    network.gone(process, true);
  }

  /// The computer loses its power.
  void losePower() {
    die();
    network.gone(process, false);
    disk.losePower();
  }

  /// The world has ended. The JDK's own timers may remember some of its threads for a while, which
  /// are not to remember everything else.
  void end() {
    die();
    disk.clear();
  }

  private void die() {
    if (Lsn.isAfter(flushedLsn(), TrueHistory.START)) {
      reported(truth.recordEnd(flushedLsn()));
    }
    process.kill();
    running = false;
    store = null;
    receiver = null;
    parts = null;
  }

  /// An orderly end: what is received is flushed and told first. The primary has none.
  void stop() {
    WalReceiver streaming = receiver;
    if (streaming == null) {
      kill();
      return;
    }
    streaming.stop();
    SimulatedProcess life = process;
    network
        .simulator()
        .after(
            LONGEST_STOP_NANOS,
            () -> {
              if (!life.isKilled()) {
                throw new AssertionError("node %d does not stop".formatted(number));
              }
            });
  }

  private void main(Iterable<SimulatedNode> standbys, SenderEvent.Listener events) {
    try {
      Network own = network.of(process, port());
      WalStore opened =
          WalStore.open(
              directory.resolve("wal"),
              StoreOptions.DEFAULT
                  .withFiles(disk)
                  .withMachine(process)
                  .withSynchronous(role.synchronous)
                  .withSpareSegmentsMax(2),
              role.fetches ? new UpstreamWal(() -> options, own) : null);
      audit().requireRight(opened);
      if (Lsn.isAfter(reportedLsn, begunLsn)) {
        audit().requireAll(opened, reportedLsn);
      }
      var slots =
          ReplicationSlots.open(
              directory.resolve("slots"), disk, SlotFormat.own(), () -> 10, process::now);
      for (SimulatedNode standby : standbys) {
        if (slots.find(standby.slotName()).isEmpty()) {
          slots.create(standby.slotName(), false, 0, 0);
        }
      }
      SendSettings settings = settings();
      var senders = new WalSenders(opened, () -> settings, events, process);
      parts = new ReplicationParts(opened, senders, slots, () -> settings);
      store = opened;
      process.platformThread("housekeeping", () -> keepHouse(opened, slots)).start();
      if (role.upstream < 0) {
        new PrimaryWriter(opened, truth, plan, process, network.random()).run();
      } else {
        receive(opened, own);
        opened.close();
        kill();
      }
    } catch (WalLogFailedException e) {
      kill(); // the disk has failed: the node ends, and is started again
    } catch (IOException e) {
      if (!isWeather(e)) {
        throw new AssertionError("node %d has failed".formatted(number), e);
      }
      kill();
    } catch (ServerError e) {
      throw new AssertionError("node %d has failed".formatted(number), e);
    }
  }

  private static boolean isWeather(IOException e) {
    return e instanceof NoSpaceException;
  }

  private SendSettings settings() {
    SendSettings usual = SendSettings.DEFAULT;
    return new SendSettings(
        usual.maxWalSenders(),
        usual.maxConnections(),
        usual.authenticationTimeoutMs(),
        10_000,
        role.forwardsFlushed,
        usual.logConnections(),
        false);
  }

  /// Removes nothing while a slot has reserved nothing: what such a standby is to begin with may go
  /// at any time, at a server too, and then somebody has to make its slot anew.
  private void keepHouse(WalStore opened, ReplicationSlots slots) {
    var horizon =
        new RetentionHorizon(slots, () -> new RetentionHorizon.Limits(role.keepBytes, -1));
    while (true) {
      process.sleep(HOUSEKEEPING_NANOS);
      try {
        WalLog log = opened.currentLog().orElse(null);
        if (log != null && slots.all().stream().allMatch(slot -> slot.restartLsn() != 0)) {
          opened.removeBefore(horizon.keepFrom(log.flushedLsn(), log.segmentSize()));
        }
      } catch (IOException e) {
        // a node says so, and tries again at the next round
      }
    }
  }

  @Override
  public SimulatedProcess process() {
    return process;
  }

  @Override
  public void accept(Transport transport) {
    ReplicationParts open = parts;
    SimulatedProcess life = process;
    life.virtualThread(
            "session",
            () -> {
              if (open == null) {
                close(transport); // not up yet
              } else {
                new SimulatedSession(++sessions, open, life, transport).run();
              }
            })
        .start();
  }

  private static void close(Transport transport) {
    try {
      transport.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // ---------------------------------------------------------------------------------------------
  // Receiving

  private static ReceiveOptions options(int number, Role role) {
    int port = SimulatedNetwork.FIRST_PORT + role.upstream;
    var conninfo =
        ConnInfo.parse(
            "host=127.0.0.1 hostaddr=127.0.0.1 port=%d user=simulated sslmode=disable application_name=%s"
                .formatted(port, slotName(number)));
    return ReceiveOptions.from(conninfo, ENVIRONMENT)
        .slot(slotName(number))
        .synchronous(role.synchronous)
        .statusInterval(Duration.ofSeconds(1))
        .receiverTimeout(Duration.ofSeconds(6))
        .retryInterval(Duration.ofMillis(500))
        .strictHistory(true)
        .build();
  }

  private void receive(WalStore opened, Network own) throws IOException {
    var streaming = new WalReceiver(() -> options, new StoreSink(opened), this::on, own);
    receiver = streaming;
    streaming.run();
  }

  private void on(ReceiveEvent event) {
    if (TELLING) {
      System.out.printf(
          "%d ms: node %d: %s%s%n",
          process.nanoTime() / 1_000_000,
          number,
          event,
          event instanceof ReceiveEvent.Disconnected(Exception why, var _) ? ": " + why : "");
    }
    if (event instanceof ReceiveEvent.Started(long lsn, var _) && !hasWal()) {
      begunLsn = lsn;
    }
    if (event instanceof ReceiveEvent.Disconnected(Exception reason, var _)) {
      for (Throwable e = reason; e != null; e = e.getCause()) {
        if (e instanceof CorruptWalException || e instanceof WalStoreException) {
          if (!(e instanceof WalLogFailedException)) {
            throw new AssertionError(
                "node %d cannot take what it is sent".formatted(number), reason);
          }
        }
      }
    }
  }

  // ---------------------------------------------------------------------------------------------
  // What must hold

  /// Everything that is here, and may be served, is right.
  void requireRight() {
    WalStore open = store;
    try {
      if (open != null) {
        audit().requireRight(open);
      }
    } catch (IOException e) {
      throw new AssertionError("node %d cannot read its WAL".formatted(number), e);
    }
  }

  private WalAudit audit() {
    return new WalAudit(number, truth);
  }

  /// Its own slot for `standby` says that it has everything up to `lsn`.
  boolean knows(SimulatedNode standby, long lsn) {
    ReplicationParts open = parts;
    return open != null
        && open.slots()
            .find(standby.slotName())
            .filter(slot -> slot.restartLsn() == lsn)
            .isPresent();
  }

  @Override
  public String toString() {
    return "node %d behind %d, %s: %s, reported %s"
        .formatted(
            number,
            role.upstream,
            running ? "running" : "down",
            log().map(WalLog::toString).orElse("no WAL"),
            Lsn.format(reportedLsn));
  }
}
