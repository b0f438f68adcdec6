package org.walstream.node.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.walstream.send.walsender.SenderEvent;
import org.walstream.wal.Lsn;

/// One seed's world: a primary and who follows whom, what befalls them, and what must hold:
///
/// - nothing that was reported flushed is ever lost (looked at whenever a node begins a new life),
/// - no byte that a node has, and so serves, differs from history,
/// - once nothing befalls them any more, everybody comes to have everything, and to be known to.
final class Simulation {

  /// What can befall them.
  private enum Fault {
    KILLED,
    POWER_LOST,
    STOPPED,
    CONNECTION_BROKEN,
    CONNECTION_STALLED,
    CUT_OFF,
    DISK_SLOW,
    DISK_FULL,
    TIMELINE_SWITCHED
  }

  private static final int NODES_MAX = 5;
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;

  /// In which everybody comes to have everything once the faults have ended.
  private static final long PATIENCE = 300 * SECOND;

  private static final long LOOK_NANOS = 50 * MS;

  private final long seed;
  private final Simulator simulator;
  private final RandomGenerator random;
  private final SimulatedNetwork network;
  private final TrueHistory truth = new TrueHistory();
  private final List<SimulatedNode> nodes = new ArrayList<>();

  /// What has befallen them so far, for people.
  private final List<String> story = new ArrayList<>();

  /// At which step something befalls somebody, at the latest when its time has come.
  private long faultAtStep = Long.MAX_VALUE;

  /// How the nodes were when it ended.
  private String last = "";

  private int faultsLeft;
  private boolean arrived;
  private long endLsn;

  Simulation(long seed) {
    this.seed = seed;
    simulator = new Simulator(seed);
    random = simulator.random();
    network = new SimulatedNetwork(simulator);
  }

  /// @throws AssertionError if something does not hold, with the seed and what has happened
  void run() {
    try {
      settle();
      while (faultsLeft > 0) {
        if (simulator.steps() >= faultAtStep) {
          strike();
        }
        requireStep();
      }
      story.add("peace at %d ms".formatted(simulator.nanoTime() / MS));
      awaitPeace();
    } catch (AssertionError e) {
      throw new AssertionError(
          "seed %d, step %d, %d ms: %s%n%s%n%s"
              .formatted(
                  seed,
                  simulator.steps(),
                  simulator.nanoTime() / MS,
                  e.getMessage(),
                  String.join(System.lineSeparator(), story),
                  nodes),
          e);
    } finally {
      last = nodes.toString();
      nodes.forEach(SimulatedNode::end);
    }
  }

  /// What has happened, in so many words: the same for the same seed.
  String trace() {
    return "%d steps, %d ns, %s, %s"
        .formatted(simulator.steps(), simulator.nanoTime(), story, last);
  }

  private void requireStep() {
    if (!simulator.step()) {
      throw new AssertionError("nobody waits for anything any more");
    }
  }

  private void settle() {
    int count = 2 + random.nextInt(NODES_MAX - 1);
    for (int number = 0; number < count; number++) {
      var role =
          new SimulatedNode.Role(
              number == 0 ? -1 : random.nextInt(number),
              number == 0 || random.nextBoolean(),
              number > 0 && random.nextBoolean(),
              number == 0 || random.nextInt(3) == 0,
              random.nextInt(3) << 20);
      nodes.add(new SimulatedNode(number, role, network, truth));
      story.add(role.toString());
    }
    endLsn = TrueHistory.START + random.nextInt(50_000, 2_500_000);
    nodes.getFirst().plan().writeUntil(endLsn);
    faultsLeft = random.nextInt(12);
    nodes.forEach(this::start);
    simulator.after(LOOK_NANOS, this::restartWhoEnded);
    nextFault();
  }

  private void start(SimulatedNode node) {
    node.start(
        nodes.stream().filter(other -> other.role().upstream() == node.number()).toList(),
        this::on);
  }

  private void on(SenderEvent event) {
    if (event instanceof SenderEvent.Flushed(var sender)) {
      nodes.stream()
          .filter(node -> node.slotName().equals(sender.client().applicationName()))
          .forEach(node -> node.reported(sender.progress().flushedLsn()));
    }
  }

  /// Somebody starts again what has ended, for whatever reason.
  private void restartWhoEnded() {
    for (SimulatedNode node : nodes) {
      if (!node.isRunning() && random.nextInt(4) == 0) {
        start(node);
      }
    }
    simulator.after(LOOK_NANOS, this::restartWhoEnded);
  }

  // ---------------------------------------------------------------------------------------------
  // Faults

  private void nextFault() {
    faultAtStep = Long.MAX_VALUE;
    simulator.after(
        random.nextLong(1, random.nextInt(3) == 0 ? 20 : 800) * MS,
        () -> faultAtStep = simulator.steps() + random.nextLong(1, 300));
  }

  private void strike() {
    faultsLeft--;
    Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
    SimulatedNode node = nodes.get(random.nextInt(nodes.size()));
    story.add(
        "%s at step %d, %d ms: node %d"
            .formatted(fault, simulator.steps(), simulator.nanoTime() / MS, node.number()));
    long duration = random.nextLong(1, 15_000) * MS;
    switch (fault) {
      case KILLED -> {
        if (node.isRunning()) {
          node.kill();
        }
      }
      case POWER_LOST -> node.losePower();
      case STOPPED -> node.stop();
      case CONNECTION_BROKEN -> network.breakOne();
      case CONNECTION_STALLED -> network.stallOne(duration);
      case CUT_OFF -> {
        network.cutOff(node.port(), true);
        simulator.after(duration, () -> network.cutOff(node.port(), false));
      }
      case DISK_SLOW -> {
        node.disk().slow(200 * MS);
        simulator.after(duration, () -> node.disk().slow(0));
      }
      case DISK_FULL -> {
        node.disk().full(true);
        simulator.after(duration, () -> node.disk().full(false));
      }
      case TIMELINE_SWITCHED -> nodes.getFirst().plan().fork();
    }
    nextFault();
  }

  // ---------------------------------------------------------------------------------------------
  // Peace

  private void awaitPeace() {
    long deadline = simulator.nanoTime() + PATIENCE;
    while (!arrived) {
      long next = simulator.nanoTime() + LOOK_NANOS;
      look();
      while (simulator.nanoTime() < next) {
        requireStep();
      }
      if (simulator.nanoTime() > deadline) {
        throw new AssertionError("somebody makes no progress; their threads:" + threads());
      }
    }
    for (SimulatedNode node : nodes) {
      node.requireRight();
    }
  }

  private String threads() {
    var text = new StringBuilder();
    for (SimulatedNode node : nodes) {
      text.append("%nnode %d%n".formatted(node.number())).append(node.process().threads());
    }
    return text.toString();
  }

  /// On a thread of its own, since a node's locks may have to be waited for.
  private void look() {
    new SimulatedProcess(simulator)
        .platformThread("look", () -> arrived = arrived || hasEverything())
        .start();
  }

  private boolean hasEverything() {
    SimulatedNode primary = nodes.getFirst();
    long end = primary.flushedLsn();
    return !Lsn.isBefore(end, endLsn)
        && truth.timeline().equals(primary.log().orElseThrow().timeline())
        && nodes.stream().allMatch(node -> node.flushedLsn() == end)
        && nodes.stream()
            .skip(1)
            .allMatch(node -> nodes.get(node.role().upstream()).knows(node, end));
  }
}
