package org.walstream.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.send.ServerFixture.SEGMENT_SIZE;
import static org.walstream.send.ServerFixture.START;
import static org.walstream.send.ServerFixture.append;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.send.slot.ReplicationSlot;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.walsender.WalSender;
import org.walstream.send.walsender.WalSenderState;
import org.walstream.store.WalLog;
import org.walstream.testkit.Eventually;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wire.PostgresException;
import org.walstream.wire.replication.HotStandbyFeedback;
import org.walstream.wire.replication.StandbyStatusUpdate;

/// What a standby sees of a sender, and the sender of a standby.
@Timeout(600)
class StreamingTest {

  private static final int MB = 1 << 20;

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);

  @TempDir Path directory;
  @AutoClose private ServerFixture fixture;
  private WalLog log;

  @BeforeEach
  void open() throws Exception {
    fixture = new ServerFixture(directory);
    log = fixture.openLog(1, START);
  }

  @Test
  void walArrivesAsItIsAndGoesOnForEver() throws Exception {
    byte[] before = append(log, random, 3 * MB + 5_000);
    try (var standby = start("START_REPLICATION 0/300000 TIMELINE 1")) {
      long end = START + before.length;
      assertThat(standby.readWal(START, end)).isEqualTo(before);
      for (int size : new int[] {1, 8192, 700_000}) {
        byte[] more = append(log, random, size);
        assertThat(standby.readWal(end, end + size)).isEqualTo(more);
        end += size;
      }
    }
  }

  @Test
  void messagesEndAtSegmentsAndPages() throws Exception {
    append(log, random, 2 * MB + 100_001);
    long lsn = START + 4_321;
    long end = log.writtenLsn();
    try (var standby = start("START_REPLICATION " + Lsn.format(lsn))) {
      while (lsn != end) {
        var wal = standby.nextWal();
        assertThat(wal.startLsn()).isEqualTo(lsn);
        assertThat(wal.walEndLsn()).isEqualTo(end);
        int length = wal.data().remaining();
        assertThat(length).isBetween(1, 16 * 8192);
        assertThat(length).isLessThanOrEqualTo(SEGMENT_SIZE.remaining(lsn));
        lsn += length;
        assertThat(lsn == end || lsn % 8192 == 0).as("ends at %s", Lsn.format(lsn)).isTrue();
      }
    }
  }

  @Test
  void startBeyondWhatIsHereWaitsForIt() throws Exception {
    append(log, random, 1_000);
    try (var standby = start("START_REPLICATION 0/3007D0")) { // 1,000 bytes ahead of us
      Eventually.holds("a sender", () -> sender().state() == WalSenderState.CATCHUP);
      byte[] missing = append(log, random, 1_500);
      byte[] tail = new byte[500];
      System.arraycopy(missing, 1_000, tail, 0, 500);
      assertThat(standby.readWal(START + 2_000, START + 2_500)).isEqualTo(tail);
    }
  }

  @Test
  void walThatIsGoneIsSaidToBeGone() throws Exception {
    append(log, random, 3 * MB);
    fixture.store.removeBefore(START + 2 * MB);
    try (var standby = start("START_REPLICATION 0/300000 TIMELINE 1")) {
      assertThat(standby.next()).isEmpty();
      assertThatThrownBy(standby::finish)
          .isInstanceOf(PostgresException.class)
          .hasMessage(
              "ERROR:  requested WAL segment 000000010000000000000003 has already been removed")
          .extracting(e -> ((PostgresException) e).sqlState())
          .isEqualTo("58P01");
    }
    try (var standby = start("START_REPLICATION 0/500000 TIMELINE 1")) { // others are served
      standby.readWal(START + 2 * MB, START + 3 * MB);
    }
  }

  @Test
  void timelineSwitchEndsTheStreamAndTheNextOneBeginsOnTheSameConnection() throws Exception {
    byte[] first = append(log, random, 300_000);
    long switchLsn = log.writtenLsn();
    try (var standby = start("START_REPLICATION 0/300000 TIMELINE 1")) {
      standby.readWal(START, switchLsn);
      Eventually.holds("caught up", () -> sender().state() == WalSenderState.STREAMING);
      WalLog next = switchTimeline(first, switchLsn);
      assertThat(standby.next()).isEmpty();
      var result = standby.finish();
      assertThat(result.columns()).containsExactly("next_tli", "next_tli_startpos");
      assertThat(result.text(0, 0)).isEqualTo("2");
      assertThat(result.text(0, 1)).isEqualTo(Lsn.format(switchLsn));

      byte[] second = append(next, random, 10_000);
      assertThat(standby.start("START_REPLICATION 0/300000 TIMELINE 2")).isEmpty();
      byte[] all = standby.readWal(START, switchLsn + 10_000);
      assertThat(all).startsWith(first).endsWith(second);
    }
  }

  @Test
  void timelineThatWasNotFinishedEndsWhenTheNextBegins() throws Exception {
    byte[] first = append(log, random, 300_000);
    long switchLsn = log.writtenLsn();
    try (var standby = start("START_REPLICATION 0/300000 TIMELINE 1")) {
      assertThat(standby.readWal(START, switchLsn)).isEqualTo(first);
      storeHistory(new TimelineId(2), switchLsn);
      fixture.openLog(2, START);
      assertThat(standby.next()).isEmpty();
      assertThat(standby.finish().text(0, 1)).isEqualTo(Lsn.format(switchLsn));
    }
  }

  @Test
  void aStreamWhoseTimelineIsOfAnotherBranchEndsWithAnError() throws Exception {
    append(log, random, 300_000);
    try (var standby = start("START_REPLICATION 0/300000 TIMELINE 1")) {
      standby.readWal(START, START + 300_000);
      fixture.store.storeHistory(
          new TimelineId(3), "2\t0/300000\tnone\n".getBytes(StandardCharsets.UTF_8));
      fixture.openLog(3, START);
      assertThat(standby.next()).isEmpty();
      assertThatThrownBy(standby::finish)
          .hasMessage("ERROR:  requested timeline 1 is not in this server's history");
    }
  }

  @Test
  void aStreamOfAStoreThatWasClosedEndsWithTheNode() throws Exception {
    append(log, random, 10_000);
    try (var standby = start("START_REPLICATION 0/300000")) {
      standby.readWal(START, START + 10_000);
      standby.report(START + 10_000, START + 10_000, START + 10_000);
      fixture.store.close();
      fixture.senders.stop(Duration.ofMinutes(1));
      assertThat(standby.nextKeepalive().replyRequested()).isTrue();
      assertThat(standby.next()).isEmpty();
    }
  }

  @Test
  void historicTimelineIsServedUpToItsEnd() throws Exception {
    byte[] first = append(log, random, 300_000);
    long switchLsn = log.writtenLsn();
    WalLog next = switchTimeline(first, switchLsn);
    append(next, random, 200_000);
    try (var standby = start("START_REPLICATION 0/300000 TIMELINE 1")) {
      assertThat(Arrays.equals(standby.readWal(START, switchLsn), first)).isTrue();
      assertThat(standby.next()).isEmpty();
      assertThat(standby.finish().text(0, 0)).isEqualTo("2");
      var nothing = standby.start("START_REPLICATION " + Lsn.format(switchLsn) + " TIMELINE 1");
      assertThat(nothing).hasValueSatisfying(r -> assertThat(r.text(0, 0)).isEqualTo("2"));
      assertThatThrownBy(
              () -> standby.start("START_REPLICATION " + Lsn.format(switchLsn + 8) + " TIMELINE 1"))
          .hasMessageContaining("on timeline 1 is not in this server's history")
          .hasMessageContaining("This server's history forked from timeline 1 at");
      assertThatThrownBy(() -> standby.start("START_REPLICATION 0/300000 TIMELINE 7"))
          .hasMessage("ERROR:  requested timeline 7 is not in this server's history");
      assertThat(standby.client().query("TIMELINE_HISTORY 2").text(0, 1)).startsWith("1\t0/");
    }
  }

  @Test
  void standbyEndsTheStreamAndGoesOnWithTheConnection() throws Exception {
    append(log, random, 10_000);
    try (var standby = start("START_REPLICATION 0/300000")) {
      standby.readWal(START, START + 10_000);
      var result = standby.finish();
      assertThat(result.isEmpty()).isTrue();
      assertThat(standby.client().query("IDENTIFY_SYSTEM").text(0, 1)).isEqualTo("1");
      assertThat(standby.start("START_REPLICATION 0/300000")).isEmpty();
      standby.readWal(START, START + 10_000);
    }
  }

  @Test
  void reportsShowInStatusAndMoveTheSlot() throws Exception {
    append(log, random, 10_000);
    try (var standby = start("START_REPLICATION 0/300000")) {
      standby.finish();
      standby.client().query("CREATE_REPLICATION_SLOT s PHYSICAL");
      standby.start("START_REPLICATION SLOT s 0/300000");
      standby.readWal(START, START + 10_000);
      standby.report(START + 9_000, START + 8_000, START + 7_000);
      var slot = fixture.slots.find("s").orElseThrow();
      Eventually.holds("slot moved", () -> slot.restartLsn() == START + 8_000);
      assertThat(sender().progress().writtenLsn()).isEqualTo(START + 9_000);
      assertThat(sender().progress().appliedLsn()).isEqualTo(START + 7_000);
      standby.send(new HotStandbyFeedback(0, 731, 1, 0, 0));
      Eventually.holds("feedback kept", () -> slot.xmin() == (1L << 32 | 731));
      assertThat(slot.activePid()).isEqualTo(sender().client().pid());
      standby.finish();
      assertThat(slot.activePid()).isZero();
    }
  }

  /// A standby that is cut off before it has said a word finds its WAL here, even after a crash.
  @Test
  void aSlotThatKeepsNothingYetKeepsWhatItsStandbyBeginsWith() throws Exception {
    append(log, random, 10_000);
    try (var standby = start("START_REPLICATION 0/300000")) {
      standby.finish();
      standby.client().query("CREATE_REPLICATION_SLOT s PHYSICAL");
      standby.start("START_REPLICATION SLOT s 0/300000");
      standby.readWal(START, START + 10_000);
      List<ReplicationSlot> saved =
          ReplicationSlots.look(fixture.directory.resolve("slots"), FileLayer.system());
      assertThat(saved).extracting(ReplicationSlot::restartLsn).containsExactly(START);
    }
  }

  @Test
  void slotInUseIsRefusedToOthers() throws Exception {
    append(log, random, 10_000);
    try (var one = new StandbyClient(fixture.replicate("rep"));
        var other = new StandbyClient(fixture.replicate("rep"))) {
      one.client().query("CREATE_REPLICATION_SLOT s PHYSICAL");
      one.start("START_REPLICATION SLOT s 0/300000");
      assertThatThrownBy(() -> other.start("START_REPLICATION SLOT s 0/300000"))
          .hasMessageMatching("ERROR:  replication slot \"s\" is active for PID \\d+");
      assertThat(other.client().query("IDENTIFY_SYSTEM").isEmpty()).isFalse();
    }
    Eventually.holds("freed", () -> fixture.slots.find("s").orElseThrow().activePid() == 0);
  }

  @Test
  void questionIsAnsweredAtOnce() throws Exception {
    append(log, random, 10_000);
    try (var standby = start("START_REPLICATION 0/300000")) {
      standby.readWal(START, START + 10_000);
      standby.send(new StandbyStatusUpdate(START, START, START, 1, true));
      var answer = standby.nextKeepalive();
      assertThat(answer.walEndLsn()).isEqualTo(START + 10_000);
      assertThat(answer.replyRequested()).isFalse();
    }
  }

  @Test
  void silentStandbyIsAskedAndThenCutOff() throws Exception {
    append(log, random, 10_000);
    fixture.settings = SendSettings.DEFAULT.withWalSenderTimeoutMs(2_000);
    try (var standby = start("START_REPLICATION 0/300000")) {
      standby.readWal(START, START + 10_000);
      assertThat(standby.nextKeepalive().replyRequested()).isTrue();
      assertThatThrownBy(standby::next).isInstanceOf(IOException.class);
      Eventually.holds("sender gone", () -> fixture.senders.active().isEmpty());
    }
  }

  @Test
  void standbyThatDoesNotReadHoldsUpNobodyAndIsStillHeard() throws Exception {
    append(log, random, 16 * MB);
    try (var stuck = new StandbyClient(fixture.replicate("rep"));
        var reading = new StandbyClient(fixture.replicate("rep"))) {
      stuck.client().query("CREATE_REPLICATION_SLOT stuck PHYSICAL");
      stuck.start("START_REPLICATION SLOT stuck 0/300000"); // and reads nothing: its sender blocks
      reading.start("START_REPLICATION 0/300000");
      reading.readWal(START, START + 16 * MB);
      stuck.report(START + 4_096, START + 4_096, 0);
      var slot = fixture.slots.find("stuck").orElseThrow();
      Eventually.holds("heard though stuck", () -> slot.restartLsn() == START + 4_096);
    }
  }

  @Test
  void stopSendsEverythingAndWaitsForItsConfirmation() throws Exception {
    append(log, random, 200_000);
    try (var standby = start("START_REPLICATION 0/300000")) {
      standby.readWal(START, START + 200_000);
      byte[] last = append(log, random, 50_000);
      var stopped =
          CompletableFuture.runAsync(() -> {
            try {
              fixture.senders.stop(Duration.ofSeconds(60));
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      assertThat(standby.readWal(START + 200_000, START + 250_000)).isEqualTo(last);
      assertThat(standby.nextKeepalive().replyRequested()).isTrue();
      assertThat(sender().state()).isEqualTo(WalSenderState.STOPPING);
      assertThat(stopped).isNotDone();
      standby.report(START + 250_000, START + 250_000, 0);
      assertThat(standby.next()).isEmpty(); // CommandComplete "COPY 0", then the end
      stopped.join();
    }
  }

  @Test
  void tooManySendersAreRefused() throws Exception {
    fixture.settings = SendSettings.DEFAULT.withMaxWalSenders(1);
    try (var one = fixture.replicate("rep")) {
      assertThat(one.parameter("in_hot_standby")).contains("on");
      assertThatThrownBy(() -> fixture.replicate("rep"))
          .hasMessageContaining(
              "number of requested standby connections exceeds \"max_wal_senders\" (currently 1)");
    }
    Eventually.holds(
        "room again",
        () -> {
          try (var next = fixture.replicate("rep")) {
            return next.parameter("server_version").isPresent();
          }
        });
  }

  private StandbyClient start(String command) throws IOException {
    var standby = new StandbyClient(fixture.replicate("rep"));
    assertThat(standby.start(command)).isEmpty();
    return standby;
  }

  private WalSender sender() {
    return fixture.senders.active().iterator().next();
  }

  private void storeHistory(TimelineId next, long switchLsn) throws IOException {
    byte[] history =
        TimelineHistory.ofFirst(TimelineId.FIRST).branch(next, switchLsn, "promoted").format();
    assertThat(new String(history, StandardCharsets.UTF_8)).contains("promoted");
    fixture.store.storeHistory(next, history);
  }

  /// Timeline 2, which holds a copy of the last segment of timeline 1 up to the switch.
  private WalLog switchTimeline(byte[] first, long switchLsn) throws IOException {
    var next = new TimelineId(2);
    storeHistory(next, switchLsn);
    log.finish(switchLsn, next);
    WalLog log2 = fixture.openLog(2, START);
    log2.append(START, ByteBuffer.allocateDirect(first.length).put(first).flip());
    return log2;
  }
}
