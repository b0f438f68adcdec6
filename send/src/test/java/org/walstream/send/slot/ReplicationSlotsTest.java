package org.walstream.send.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.file.FileLayer;
import org.walstream.testkit.Eventually;
import org.walstream.wire.message.Diagnostic;
import org.walstream.wire.replication.HotStandbyFeedback;
import org.walstream.wire.server.ServerError;

@Timeout(600)
class ReplicationSlotsTest {

  private static final int PID = 4711;
  private static final int OTHER_PID = 4712;
  private static final long LSN = 0x3000000;

  @TempDir private Path directory;

  private ReplicationSlots slots;
  private Instant now = Instant.now();

  @BeforeEach
  void open() throws IOException {
    slots = open(3);
  }

  @Test
  void aSlotIsThereAgainAfterARestart() throws Exception {
    slots.create("standby_1", false, LSN, PID);
    slots.create("not_reserved", false, 0, PID);

    var reopened = open(3);
    assertThat(reopened.all())
        .extracting(ReplicationSlot::name)
        .containsExactly("not_reserved", "standby_1");
    assertThat(reopened.find("standby_1").orElseThrow().restartLsn()).isEqualTo(LSN);
    assertThat(reopened.find("not_reserved").orElseThrow().restartLsn()).isZero();
  }

  @Test
  void whatIsConfirmedCountsAtOnceAndReachesTheDiskWhenSaved() throws Exception {
    slots.create("s", false, LSN, PID);
    var slot = slots.acquire("s", PID, () -> {});
    slot.confirmFlushed(LSN + 100);
    assertThat(slot.restartLsn()).isEqualTo(LSN + 100);
    assertThat(slot.neededLsn()).as("a crash would put the slot back here").isEqualTo(LSN);
    assertThat(open(3).find("s").orElseThrow().restartLsn()).isEqualTo(LSN);

    slots.save();
    assertThat(slot.neededLsn()).isEqualTo(LSN + 100);
    assertThat(open(3).find("s").orElseThrow().restartLsn()).isEqualTo(LSN + 100);
  }

  @Test
  void aReleasedSlotIsSaved() throws Exception {
    slots.create("s", false, 0, PID);
    var slot = slots.acquire("s", PID, () -> {});
    slot.confirmFlushed(LSN);
    slot.feedback(new HotStandbyFeedback(0, 745, 3, 0, 0));
    slots.release(slot);

    assertThat(slot.activePid()).isZero();
    assertThat(slot.inactiveSince()).isPresent();
    var reopened = open(3).find("s").orElseThrow();
    assertThat(reopened.restartLsn()).isEqualTo(LSN);
    assertThat(reopened.xmin()).isEqualTo(3L << 32 | 745);
    assertThat(reopened.catalogXmin()).isZero();
  }

  @Test
  void aSlotThatNobodyUsesForLongIsGivenUp() throws Exception {
    slots.create("idle", false, LSN, PID);
    slots.create("unused", false, 0, PID); // keeps no WAL, and may stay
    slots.create("used", false, LSN, PID);
    slots.acquire("used", PID, () -> {});
    now = now.plusSeconds(60);
    slots.invalidateIdle(Duration.ZERO);
    slots.invalidateIdle(Duration.ofMinutes(2));
    assertThat(slots.all()).noneMatch(slot -> slot.invalidation().isPresent());

    slots.invalidateIdle(Duration.ofSeconds(30));
    var idle = slots.find("idle").orElseThrow();
    assertThat(idle.invalidation()).contains(Invalidation.IDLE_TIMEOUT);
    assertThat(idle.restartLsn()).as("shown, as PostgreSQL shows it").isEqualTo(LSN);
    assertThat(idle.neededLsn()).as("and not kept").isZero();
    assertThat(slots.find("unused").orElseThrow().invalidation()).isEmpty();
    assertThat(slots.find("used").orElseThrow().invalidation()).isEmpty();
    assertThat(open(3).find("idle").orElseThrow().invalidation())
        .contains(Invalidation.IDLE_TIMEOUT);
    var error =
        assertFails(
            () -> slots.acquire("idle", PID, () -> {}),
            "55000",
            "can no longer access replication slot \"idle\"");
    assertThat(error.detail())
        .isEqualTo("This replication slot has been invalidated due to \"idle_timeout\".");
  }

  @Test
  void aStandbyThatConfirmsNothingMovesNothing() throws Exception {
    var slot = slots.create("s", false, LSN, PID);
    slot.confirmFlushed(0);
    assertThat(slot.restartLsn()).isEqualTo(LSN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upper", "with space", "dash-ed", "..", "a/b", "ä", "s.tmp", "a\0"})
  void namesAreLowerCaseLettersDigitsAndUnderscores(String name) {
    var error =
        assertFails(
            () -> slots.create(name, false, 0, PID),
            "42602",
            "replication slot name \"%s\" contains invalid character".formatted(name));
    assertThat(error.hint())
        .isEqualTo(
            "Replication slot names may only contain lower case letters, numbers, and the"
                + " underscore character.");
    assertThat(slots.all()).isEmpty();
  }

  @Test
  void namesHaveOneTo63Characters() throws Exception {
    assertFails(
        () -> slots.create("", false, 0, PID), "42602", "replication slot name \"\" is too short");
    String longest = "x".repeat(63);
    slots.create(longest, false, 0, PID);
    assertThat(open(3).find(longest)).isPresent();
    assertFails(
        () -> slots.create(longest + "x", false, 0, PID),
        "42622",
        "replication slot name \"%sx\" is too long".formatted(longest));
  }

  @Test
  void aNameIsTakenOnce() throws Exception {
    slots.create("s", false, LSN, PID);
    assertFails(
        () -> slots.create("s", true, 0, PID), "42710", "replication slot \"s\" already exists");
    assertThat(slots.find("s").orElseThrow().restartLsn()).isEqualTo(LSN);
  }

  @Test
  void whatIsNotThereCanBeNeitherUsedNorDropped() {
    String missing = "replication slot \"s\" does not exist";
    assertFails(() -> slots.acquire("s", PID, () -> {}), "42704", missing);
    assertFails(() -> slots.drop("s", PID, false), "42704", missing);
    assertFails(() -> slots.drop("s", PID, true), "42704", missing);
    assertThat(slots.find("s")).isEmpty();
  }

  @Test
  void thereIsRoomForSoManySlots() throws Exception {
    for (var name : new String[] {"a", "b", "c"}) {
      slots.create(name, name.equals("b"), 0, PID);
    }
    var error =
        assertFails(
            () -> slots.create("d", false, 0, PID), "53400", "all replication slots are in use");
    assertThat(error.hint()).isEqualTo("Free one or increase \"max_replication_slots\".");

    slots.drop("a", PID, false);
    slots.create("d", false, 0, PID);
  }

  @Test
  void slotsCanBeSwitchedOff() throws Exception {
    assertFails(
        () -> open(0).create("s", false, 0, PID),
        "55000",
        "replication slots can only be used if \"max_replication_slots\" > 0");
  }

  @Test
  void aSlotServesOneSessionAtATime() throws Exception {
    slots.create("s", false, 0, PID);
    var slot = slots.acquire("s", PID, () -> {});
    assertThat(slot.activePid()).isEqualTo(PID);
    assertThat(slot.inactiveSince()).isEmpty();

    String active = "replication slot \"s\" is active for PID 4711";
    assertFails(() -> slots.acquire("s", OTHER_PID, () -> {}), "55006", active);
    assertFails(() -> slots.drop("s", OTHER_PID, false), "55006", active);

    slots.release(slot);
    assertThat(slots.acquire("s", OTHER_PID, () -> {})).isSameAs(slot);
  }

  @Test
  void aDroppedSlotIsGoneForGood() throws Exception {
    slots.create("s", false, LSN, PID);
    slots.drop("s", PID, false);
    assertThat(slots.find("s")).isEmpty();
    assertThat(directory).isEmptyDirectory();
    assertThat(open(3).all()).isEmpty();
  }

  @Test
  void dropWaitsForTheSlotsUserWhenAsked() throws Exception {
    slots.create("s", false, 0, PID);
    var slot = slots.acquire("s", PID, () -> {});
    var dropper = new AtomicInteger();
    var drop =
        CompletableFuture.runAsync(
            () -> {
              dropper.set(1);
              try {
                slots.drop("s", OTHER_PID, true);
              } catch (IOException | ServerError e) {
                throw new AssertionError(e);
              }
            },
            task -> Thread.ofPlatform().daemon().start(task));
    Eventually.holds("the dropper is on its way", () -> dropper.get() == 1);
    assertThat(slots.find("s")).isPresent();
    assertThat(drop).isNotDone();

    slots.release(slot);
    drop.join();
    assertThat(slots.find("s")).isEmpty();
  }

  @Test
  void temporarySlotsGoWithTheirSessionAndNeverTouchTheDisk() throws Exception {
    var temporary = slots.create("t", true, LSN, PID);
    slots.create("other", true, LSN, OTHER_PID);
    slots.create("lasting", false, LSN, PID);
    slots.acquire("lasting", PID, () -> {});
    assertThat(temporary.activePid()).isEqualTo(PID);
    assertFails(
        () -> slots.acquire("t", OTHER_PID, () -> {}),
        "55006",
        "replication slot \"t\" is active for PID 4711");
    slots.release(slots.acquire("t", PID, () -> {}));
    assertThat(temporary.activePid()).as("still its session's").isEqualTo(PID);

    slots.sessionEnded(PID);
    assertThat(slots.all()).extracting(ReplicationSlot::name).containsExactly("lasting", "other");
    assertThat(slots.find("lasting").orElseThrow().activePid()).isZero();
    slots.save();
    assertThat(open(3).all()).extracting(ReplicationSlot::name).containsExactly("lasting");
  }

  @Test
  void anInvalidatedSlotTellsItsUserAndServesNobodyEverAgain() throws Exception {
    slots.create("s", false, LSN, PID);
    var told = new AtomicInteger();
    var slot = slots.acquire("s", PID, told::incrementAndGet);
    slots.invalidate(slot, Invalidation.WAL_REMOVED);
    slots.invalidate(slot, Invalidation.WAL_REMOVED);
    assertThat(told).hasValue(1);

    slot.confirmFlushed(LSN + 100);
    assertThat(slot.restartLsn()).isZero();
    slots.release(slot);
    for (var each : new ReplicationSlots[] {slots, open(3)}) {
      var error =
          assertFails(
              () -> each.acquire("s", PID, () -> {}),
              "55000",
              "can no longer access replication slot \"s\"");
      assertThat(error.detail())
          .isEqualTo("This replication slot has been invalidated due to \"wal_removed\".");
    }
    slots.drop("s", PID, false);
  }

  @Test
  void whatACrashLeavesIsClearedAway() throws Exception {
    slots.create("s", false, LSN, PID);
    Files.createDirectory(directory.resolve("half_made.tmp"));
    Files.writeString(directory.resolve("half_made.tmp").resolve("state"), "torn");
    Files.writeString(directory.resolve("s").resolve("state.tmp"), "torn");

    var reopened = open(3);
    assertThat(reopened.all()).extracting(ReplicationSlot::name).containsExactly("s");
    assertThat(directory.resolve("half_made.tmp")).doesNotExist();
    reopened.find("s").orElseThrow().confirmFlushed(LSN + 1);
    reopened.save();
    assertThat(open(3).find("s").orElseThrow().restartLsn()).isEqualTo(LSN + 1);
  }

  @Test
  void aDamagedSlotStopsTheStartByName() throws Exception {
    slots.create("s", false, LSN, PID);
    Path state = directory.resolve("s").resolve("state");
    byte[] bytes = Files.readAllBytes(state);
    bytes[20] ^= 1;
    Files.write(state, bytes);
    assertThatThrownBy(() -> open(3))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(state.toString())
        .hasMessageContaining("checksum mismatch");

    Files.delete(state);
    assertThatThrownBy(() -> open(3))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(state.toString());
    assertThat(directory.resolve("s")).as("left for people to look at").exists();
  }

  @Test
  void whatIsNoSlotStopsTheStart() throws Exception {
    Files.writeString(directory.resolve("README.txt"), "mine");
    assertThatThrownBy(() -> open(3))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("README");
    assertThat(directory.resolve("README.txt")).exists();
  }

  @Test
  void moreSlotsThanAllowedStopTheStart() throws Exception {
    slots.create("a", false, 0, PID);
    slots.create("b", false, 0, PID);
    assertThat(open(2).all()).hasSize(2);
    assertThatThrownBy(() -> open(1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("max_replication_slots");
  }

  private ReplicationSlots open(int max) throws IOException {
    return ReplicationSlots.open(
        directory, FileLayer.system(), SlotFormat.own(), () -> max, () -> now);
  }

  private static Diagnostic assertFails(ThrowingCallable call, String sqlState, String message) {
    var error = catchThrowableOfType(ServerError.class, call);
    assertThat(error).as(message).isNotNull();
    assertThat(error.diagnostic().message()).isEqualTo(message);
    assertThat(error.diagnostic().sqlState()).as(message).isEqualTo(sqlState);
    return error.diagnostic();
  }
}
