package org.walstream.send.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.testkit.CrashProcess;

/// Kills a process that makes, moves and drops slots with SIGKILL, again and again: whatever it had
/// announced must be what the next one finds.
@Timeout(600)
class SlotCrashTest {

  private static final int ROUNDS = 8;
  private static final Duration LONGEST_LIFE = Duration.ofMillis(600);
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  @TempDir private Path directory;

  @Test
  void everyKillLeavesWholeSlotsThatKeepWhatWasNotConfirmed() throws IOException {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    var expected = new HashMap<String, Expected>();
    NAMES.forEach(name -> expected.put(name, Expected.ABSENT));
    int events = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (var process =
          CrashProcess.java(
              Life.class.getName(), directory.toString(), Long.toString(random.nextLong()))) {
        process.awaitPrinted("living");
        process.killWithin(random, LONGEST_LIFE);
        events += replay(process, expected);
      }
      check(expected, "seed %d, round %d".formatted(seed, round));
    }
    assertThat(events).as("the lives were not empty").isGreaterThan(ROUNDS);
  }

  private static int replay(CrashProcess process, Map<String, Expected> expected) {
    String output = process.output();
    var lines = output.substring(0, output.lastIndexOf('\n') + 1).lines().toList();
    for (String line : lines) {
      String[] words = line.split(" ");
      if (words.length == 3) {
        long lsn = Long.parseLong(words[2]);
        expected.compute(words[1], (name, before) -> before.after(words[0], lsn));
      }
    }
    return lines.size();
  }

  /// Compares what is on the disk with what was announced, and goes on from there.
  private void check(Map<String, Expected> expected, String where) throws IOException {
    var slots = ReplicationSlots.open(directory, FileLayer.system(), NAMES::size);
    for (var entry : expected.entrySet()) {
      Optional<ReplicationSlot> slot = slots.find(entry.getKey());
      Expected before = entry.getValue();
      if (slot.isEmpty()) {
        assertThat(before.mayBeAbsent).as("%s: %s is gone, %s", where, entry, before).isTrue();
        entry.setValue(Expected.ABSENT);
      } else {
        long restartLsn = slot.get().restartLsn();
        assertThat(before.mayBePresent).as("%s: %s is there, %s", where, entry, before).isTrue();
        assertThat(restartLsn)
            .as("%s: %s, %s", where, entry, before)
            .isBetween(before.savedLsn, before.confirmedLsn);
        entry.setValue(new Expected(true, false, restartLsn, restartLsn));
      }
    }
  }

  /// What may be found of a slot.
  private record Expected(
      boolean mayBePresent, boolean mayBeAbsent, long savedLsn, long confirmedLsn) {

    static final Expected ABSENT = new Expected(false, true, 0, 0);

    Expected after(String event, long lsn) {
      return switch (event) {
        case "creating" -> new Expected(true, true, lsn, lsn);
        case "created" -> new Expected(true, false, lsn, lsn);
        case "confirming" -> new Expected(true, false, savedLsn, lsn);
        case "saved" -> new Expected(true, false, lsn, confirmedLsn);
        case "dropping" -> new Expected(true, true, savedLsn, confirmedLsn);
        case "dropped" -> ABSENT;
        default -> throw new AssertionError(event);
      };
    }
  }

  /// The life that is ended. It says before each step what it will do, and after it that it has.
  static final class Life {

    private static final int PID = 4711;

    private Life() {}

    public static void main(String[] arguments) throws Exception {
      var random = new SplittableRandom(Long.parseLong(arguments[1]));
      var slots = ReplicationSlots.open(Path.of(arguments[0]), FileLayer.system(), NAMES::size);
      System.out.println("living");
      while (true) {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        Optional<ReplicationSlot> slot = slots.find(name);
        if (slot.isEmpty()) {
          long lsn = 1L + random.nextInt(1 << 30);
          say("creating", name, lsn);
          slots.create(name, false, lsn, PID);
          say("created", name, lsn);
        } else if (random.nextInt(10) == 0) {
          say("dropping", name, 0);
          slots.drop(name, PID, false);
          say("dropped", name, 0);
        } else {
          advance(slots, slot.get(), random);
        }
      }
    }

    private static void advance(
        ReplicationSlots slots, ReplicationSlot slot, SplittableRandom random) throws IOException {
      long lsn = slot.restartLsn() + 1 + random.nextInt(1 << 20);
      say("confirming", slot.name(), lsn);
      slot.confirmFlushed(lsn);
      if (random.nextInt(3) == 0) {
        slots.save();
        for (ReplicationSlot each : slots.all()) {
          say("saved", each.name(), each.restartLsn());
        }
      }
    }

    /// One write, so that a kill cannot tear the line.
    private static void say(String event, String name, long lsn) {
      System.out.print(event + " " + name + " " + lsn + "\n");
      System.out.flush();
    }
  }
}
