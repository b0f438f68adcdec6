package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.walstream.file.FileLayer;
import org.walstream.send.slot.ReplicationSlot;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.Load;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.testkit.file.PowerCutFiles;
import org.walstream.testkit.file.PowerLossException;
import org.walstream.testkit.file.RecordedFiles.Torn;
import org.walstream.wal.Lsn;

/// A relay whose computer loses its power in the midst of a random operation, life after life,
/// while a primary is under load, slots come, move and go, and WAL is removed; of all that was not
/// forced, anything is then there or not. Whatever is left, the next life goes on with it:
///
/// - WAL that the primary has been told is flushed is there, and is the primary's,
/// - a slot that was made is there and one that was dropped is not, none is behind where it is
///   known to have been saved, and the WAL it keeps is there.
///
/// `-Dwalstream.crash.rounds=100` for more cuts, `-Dwalstream.test.seed=…` for the same again,
/// `-Dwalstream.test.heavy=true` for each version.
@Timeout(7200)
class NodePowerCutIT {

  private static final int CUTS = Integer.getInteger("walstream.crash.rounds", 8);
  private static final long LIFE_NANOS = 1_000_000_000;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  /// What is known of each slot, by its name.
  private final Map<String, Known> slots = new HashMap<>();

  /// The slot that something was being done to when the power went.
  private Optional<String> unfinished = Optional.empty();

  /// Whether it was to be dropped: then it may be gone.
  private boolean dropping;

  /// @param confirmed where it has been moved to
  /// @param saved where it is known to have been saved
  private record Known(long confirmed, long saved) {}

  static IntStream versions() {
    return Boolean.getBoolean("walstream.test.heavy")
        ? IntStream.rangeClosed(15, 18)
        : IntStream.of(18);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void whateverIsLeftTheNextLifeGoesOnWithIt(int major) throws Exception {
    System.out.printf("%d: seed %d, %d cuts%n", major, seed, CUTS);
    try (var scratch = ScratchDirectory.create("node-power-cut");
        var primary = Relay.primary(major).setting("wal_keep_size", "8GB").start();
        var relay =
            Relay.of(primary.conninfo())
                .set("primary_slot_name", "relay")
                .set("wal_keep_size", "0")) {
      primary.sql("SELECT pg_create_physical_replication_slot('relay', true)");
      long reserved =
          Relay.acknowledged(primary).value(); // by the slot alone: the relay has nothing
      primary.sql("CREATE TABLE t (id bigserial, filler text)");
      var files = new PowerCutFiles(scratch.path().resolve("aside"));
      relay.on(files);
      for (int cut = 1; cut <= CUTS; cut++) {
        if (cut == CUTS / 2) {
          beginTimeline(primary);
        }
        try (var _ = Load.on(primary)) {
          live(files, relay, primary);
        }
        long acknowledged = Relay.acknowledged(primary).value();
        files.loseUnforced(random, random.nextBoolean() ? Torn.SECTORS : Torn.PAGES, _ -> false);
        assertNothingIsLost(
            relay,
            primary,
            acknowledged == reserved ? 0 : acknowledged,
            "seed %d, %d, cut %d".formatted(seed, major, cut));
      }
      relay.on(FileLayer.system());
      relay.startAlone();
      String end = primary.sql("SELECT pg_switch_wal()");
      relay.awaitFlushed(end);
      relay.stop();
      assertNothingIsLost(
          relay, primary, Lsn.parse(end).value(), "seed %d, %d, at the end".formatted(seed, major));
    }
  }

  /// As a server does that was restored: its own WAL to the end, then a timeline of its own.
  private static void beginTimeline(PostgresServer primary) throws IOException {
    primary.stopFast();
    primary.install("standby.signal", new byte[0]);
    primary.start();
    primary.promote();
  }

  // Lives

  private void live(PowerCutFiles files, Relay relay, PostgresServer primary) throws Exception {
    files.cutAt(random.nextInt(3) == 0 ? random.nextLong(1, 30) : random.nextLong(30, 600));
    unfinished = Optional.empty();
    try {
      relay.startAlone();
    } catch (IOException e) {
      assertIsPowerLoss(e);
      return;
    }
    try {
      work(files, relay, primary);
    } catch (SQLException | IOException e) {
      assertThat(files.isCut()).as("seed %d: %s", seed, e).isTrue();
    } finally {
      stop(relay);
    }
  }

  private void work(PowerCutFiles files, Relay relay, PostgresServer primary) throws Exception {
    long end = System.nanoTime() + LIFE_NANOS;
    Eventually.holds("the relay has WAL", () -> files.isCut() || relay.flushedLsn() != 0);
    try (var connection = relay.jdbc()) {
      while (!files.isCut()) {
        if (System.nanoTime() > end) {
          files.cutAt(random.nextLong(1, 4));
        }
        act(relay, primary, connection);
      }
    }
  }

  private void act(Relay relay, PostgresServer primary, Connection connection)
      throws SQLException, IOException {
    String name = "s" + random.nextInt(4);
    switch (random.nextInt(6)) {
      case 0 -> primary.sql("SELECT pg_switch_wal()");
      case 1, 2 -> {
        relay.keepHouse();
        slots.replaceAll((_, known) -> new Known(known.confirmed(), known.confirmed()));
      }
      default -> {
        unfinished = Optional.of(name);
        Known known = slots.get(name);
        if (known == null) {
          long lsn =
              lsn(
                  connection,
                  "SELECT lsn FROM pg_create_physical_replication_slot('%s', true)",
                  name);
          slots.put(name, new Known(lsn, lsn));
        } else if (random.nextInt(4) == 0) {
          dropping = true;
          lsn(
              connection,
              "SELECT '0/0'::pg_lsn FROM (SELECT pg_drop_replication_slot('%s')) d",
              name);
          slots.remove(name);
        } else if (!Lsn.isBefore(relay.flushedLsn(), known.confirmed())) {
          // A receiver begins its last segment anew: for a while it has flushed less than before.
          long lsn =
              lsn(
                  connection,
                  "SELECT end_lsn FROM pg_replication_slot_advance('%s', pg_last_wal_receive_lsn())",
                  name);
          slots.put(name, new Known(lsn, known.saved()));
        }
        unfinished = Optional.empty();
        dropping = false;
      }
    }
  }

  private static long lsn(Connection connection, String sql, String slot) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql.formatted(slot))) {
      rows.next();
      return Lsn.parse(rows.getString(1)).value();
    }
  }

  /// Its threads end; on its disk nothing changes any more.
  private void stop(Relay relay) {
    try {
      relay.stop();
    } catch (IOException e) {
      assertIsPowerLoss(e);
    }
  }

  private void assertIsPowerLoss(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    assertThat(root).as("seed %d", seed).isInstanceOf(PowerLossException.class);
  }

  // What is left

  /// @param acknowledged 0 for nothing
  private void assertNothingIsLost(
      Relay relay, PostgresServer primary, long acknowledged, String when) throws IOException {
    var wal = new RelayedWal(relay.walDirectory(), primary.walDirectory());
    if (acknowledged != 0) {
      wal.assertIsThePrimarys(acknowledged, when);
    }
    Map<String, Long> left = new HashMap<>();
    for (ReplicationSlot slot :
        ReplicationSlots.look(relay.directory().slotsDirectory(), FileLayer.system())) {
      left.put(slot.name(), slot.restartLsn());
    }
    unfinished.ifPresent(name -> {
      Long lsn = left.get(name);
      if (lsn == null && dropping) {
        slots.remove(name);
      } else if (lsn != null && !slots.containsKey(name)) {
        slots.put(name, new Known(lsn, lsn));
      }
    });
    unfinished = Optional.empty();
    dropping = false;
    assertThat(left.keySet()).as(when).isEqualTo(slots.keySet());
    slots.replaceAll((name, known) -> {
      long lsn = left.getOrDefault(name, 0L);
      assertThat(Lsn.isBefore(lsn, known.saved()))
          .as("%s: slot %s went back from %x to %x", when, name, known.saved(), lsn)
          .isFalse();
      assertThat(wal.begins(lsn)).as("%s: the WAL of slot %s", when, name).isTrue();
      return new Known(lsn, lsn);
    });
  }
}
