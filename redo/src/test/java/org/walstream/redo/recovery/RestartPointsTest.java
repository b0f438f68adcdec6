package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.redo.storage.DataFile;
import org.walstream.redo.storage.DataFiles;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.WalFormat;
import org.walstream.wal.control.DBState;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.WalSegmentSource;
import org.walstream.wal.rmgr.XLogRmgrRecord;

class RestartPointsTest {

  @TempDir Path directory;

  /// All that is done, in its order, whoever does it.
  private final List<String> done = new ArrayList<>();

  private final RecordedFiles layer = new RecordedFiles(this::note);
  private final NotedReplay replay = new NotedReplay(done);
  private CraftedCluster cluster;
  private RecoveryControlFile controlFile;
  private DataFiles files;
  private final RestartPointRequests requests = new RestartPointRequests();
  private String failing = "";
  private Duration period = Duration.ofDays(1);
  private long now;
  private long first;

  /// Does at once what is to be done beside replay, unless a test says otherwise.
  private Executor beside = Runnable::run;

  @BeforeEach
  void cluster() throws Exception {
    cluster = new CraftedCluster(directory, WalFormat.PG_18);
    first = cluster.onlineCheckPoint();
    var control = cluster.control(DBState.IN_ARCHIVE_RECOVERY, first, cluster.redoOf(first));
    cluster.write(control);
    controlFile = RecoveryControlFile.open(layer, directory, new Wal());
    controlFile.begin(
        control.withMinRecoveryPoint(cluster.redoOf(first), 1), cluster.wal.endLsn(), 1);
    files = new DataFiles(layer, 10);
  }

  private void note(String operation) throws IOException {
    if (operation.equals(failing)) {
      throw new IOException("Input/output error");
    }
    done.add(operation);
  }

  private RestartPoints points(long walBytes) {
    return new RestartPoints(
        controlFile,
        replay,
        replay,
        files,
        new Wal(),
        new HeardWords(),
        () -> new RecoveryOptions.Budget(Duration.ofSeconds(100), walBytes),
        () -> now,
        new BackgroundWriter(
            replay,
            files,
            () -> done.add("wake the reader"),
            () -> now,
            command -> beside.execute(command),
            period.toNanos()),
        requests);
  }

  private final class Wal implements RecoveryWal {
    @Override
    public WalSegmentSource all() {
      return cluster.segments();
    }

    @Override
    public WalSegmentSource own() {
      return cluster.segments();
    }

    @Override
    public TimelineHistory history() {
      return cluster.history;
    }

    @Override
    public void restartsAt(long redoLsn, int timeline) {
      done.add("WAL before %s may go".formatted(Lsn.format(redoLsn)));
    }
  }

  private XLogRmgrRecord.Checkpoint read(long lsn) throws Exception {
    var reader = cluster.reader(cluster.history);
    reader.startAtRecord(lsn);
    var record = (DecodedXLogRecord) reader.next();
    controlFile.replaying(record.endLsn());
    return (XLogRmgrRecord.Checkpoint) java.util.Objects.requireNonNull(XLogRmgrRecord.of(record));
  }

  private void changeAFile() throws Exception {
    try (DataFile file = files.openOrCreate(directory.resolve("base/5/16384"))) {
      file.truncate(8192);
    }
  }

  @Test
  void isMadeAtOnceForWhoAsks() throws Exception {
    var points = points(Long.MAX_VALUE);
    long request = requests.ask();
    points.makeIfTime(cluster.wal.endLsn());
    assertThat(requests.isAnswered(request)).as("there was none to make").isTrue();

    long next = cluster.onlineCheckPoint();
    points.replayed(read(next));
    points.makeIfTime(cluster.wal.endLsn());
    assertThat(cluster.control().checkPointLsn()).as("nobody has asked").isEqualTo(first);
    long another = requests.ask();
    assertThat(requests.isAnswered(another)).isFalse();
    points.makeIfDue(cluster.wal.endLsn());
    assertThat(requests.isAnswered(another)).as("it has only begun").isFalse();
    points.makeIfTime(cluster.wal.endLsn());
    assertThat(requests.isAnswered(another)).isTrue();
    assertThat(cluster.control().checkPointLsn()).isEqualTo(next);
  }

  @Test
  void publishesOnlyWhatIsDurable() throws Exception {
    var points = points(1);
    long next = cluster.onlineCheckPoint();
    String redo = Lsn.format(cluster.redoOf(next));
    changeAFile();
    points.replayed(read(next));
    done.clear();

    points.makeIfDue(cluster.wal.endLsn());
    points.makeIfDue(cluster.wal.endLsn());

    assertThat(done)
        .containsExactly(
            "settle",
            "write pg_control", // minRecoveryPoint
            "force pg_control",
            "remove mappings before " + redo,
            "write origins",
            "flush control",
            "write pages beside",
            "force 16384",
            "force directory 5",
            "wake the reader",
            "write prepared transactions before " + redo,
            "write pg_control",
            "force pg_control",
            "WAL before %s may go".formatted(redo));
    assertThat(cluster.control().checkPointLsn()).isEqualTo(next);
    assertThat(cluster.control().state()).isEqualTo(DBState.IN_ARCHIVE_RECOVERY);
    assertThat(cluster.control().minRecoveryPoint()).isEqualTo(cluster.wal.endLsn());
  }

  @Test
  void replayGoesOnWhilePagesAreWrittenAndFilesForced() throws Exception {
    var later = new ArrayList<Runnable>();
    beside = later::add;
    var points = points(1);
    long next = cluster.onlineCheckPoint();
    points.replayed(read(next));
    changeAFile();

    points.makeIfDue(cluster.wal.endLsn());
    done.clear();
    points.makeIfDue(cluster.wal.endLsn());
    points.makeIfTime(cluster.wal.endLsn());
    assertThat(done).as("nothing that replay would wait for").isEmpty();
    assertThat(cluster.control().checkPointLsn()).isEqualTo(first);

    later.removeFirst().run();
    assertThat(done)
        .containsExactly(
            "write pages beside", "force 16384", "force directory 5", "wake the reader");
    points.makeIfDue(cluster.wal.endLsn());
    assertThat(later).as("one is enough").isEmpty();
    assertThat(cluster.control().checkPointLsn()).isEqualTo(next);
  }

  @Test
  void aCheckpointThatComesMeanwhileIsTheNext() throws Exception {
    var later = new ArrayList<Runnable>();
    beside = later::add;
    var points = points(1);
    long second = cluster.onlineCheckPoint();
    points.replayed(read(second));
    points.makeIfDue(cluster.wal.endLsn());
    long third = cluster.onlineCheckPoint();
    points.replayed(read(third));
    long request = requests.ask();

    later.removeFirst().run();
    points.makeIfDue(cluster.wal.endLsn());
    assertThat(cluster.control().checkPointLsn()).isEqualTo(second);
    assertThat(requests.isAnswered(request)).as("asked after that had begun").isFalse();
    points.makeIfTime(cluster.wal.endLsn());
    later.removeFirst().run();
    points.makeIfTime(cluster.wal.endLsn());
    assertThat(cluster.control().checkPointLsn()).isEqualTo(third);
    assertThat(requests.isAnswered(request)).isTrue();
  }

  @Test
  void whatCannotBeForcedEndsReplay() throws Exception {
    var points = points(1);
    points.replayed(read(cluster.onlineCheckPoint()));
    changeAFile();
    failing = "force 16384";
    points.makeIfDue(cluster.wal.endLsn());
    assertThatThrownBy(() -> points.makeIfDue(cluster.wal.endLsn()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("could not fsync");
    assertThat(cluster.control().checkPointLsn()).isEqualTo(first);
  }

  @Test
  void whoRestsHasWhatHasChangedWrittenNowAndThen() throws Exception {
    period = Duration.ofSeconds(5);
    var points = points(Long.MAX_VALUE);
    changeAFile();
    points.makeIfTime(100);
    points.makeIfDue(100);
    assertThat(done).as("not yet").doesNotContain("write pages beside");

    now = period.toNanos();
    points.makeIfDue(100);
    assertThat(done).as("there is WAL to catch up with").doesNotContain("write pages beside");
    points.makeIfTime(100);
    assertThat(done).containsSubsequence("write pages beside", "force 16384", "wake the reader");
    assertThat(cluster.control().checkPointLsn()).as("that is no restart point").isEqualTo(first);

    done.clear();
    points.makeIfTime(100);
    now = 3 * period.toNanos();
    points.makeIfTime(100);
    assertThat(done).as("nothing has been replayed since").isEmpty();
    points.makeIfTime(101);
    assertThat(done).contains("write pages beside");
  }

  @Test
  void whoAsksMeanwhileHasHisRestartPointAfterwards() throws Exception {
    var later = new ArrayList<Runnable>();
    beside = later::add;
    period = Duration.ofSeconds(5);
    var points = points(Long.MAX_VALUE);
    long next = cluster.onlineCheckPoint();
    points.replayed(read(next));
    now = period.toNanos();
    points.makeIfTime(100);
    long request = requests.ask();
    points.makeIfTime(100);
    assertThat(later).as("one round at a time").hasSize(1);

    later.removeFirst().run();
    points.makeIfTime(100);
    assertThat(requests.isAnswered(request)).isFalse();
    later.removeFirst().run();
    points.makeIfTime(100);
    assertThat(requests.isAnswered(request)).isTrue();
    assertThat(cluster.control().checkPointLsn()).isEqualTo(next);
  }

  @Test
  void whatCannotBeForcedEndsReplayWhoeverAskedForIt() throws Exception {
    period = Duration.ofSeconds(5);
    var points = points(Long.MAX_VALUE);
    changeAFile();
    now = period.toNanos();
    failing = "force 16384";
    points.makeIfTime(100);
    assertThatThrownBy(() -> points.makeIfDue(101))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("could not fsync");
  }

  @Test
  void waitsForItsBudgetOfWal() throws Exception {
    long begin = cluster.redoOf(first);
    var points = points(10_000);
    long next = cluster.onlineCheckPoint();
    points.replayed(read(next));
    done.clear();

    points.makeIfDue(begin + 9_999);
    assertThat(done).isEmpty();
    points.makeIfDue(begin + 10_000);
    points.makeIfDue(begin + 10_000);
    assertThat(cluster.control().checkPointLsn()).isEqualTo(next);
  }

  @Test
  void waitsForItsBudgetOfTime() throws Exception {
    var points = points(Long.MAX_VALUE);
    long next = cluster.onlineCheckPoint();
    points.replayed(read(next));
    done.clear();

    for (int i = 0; i < 10_000; i++) {
      points.makeIfDue(cluster.wal.endLsn());
    }
    assertThat(done).isEmpty();
    now = Duration.ofSeconds(100).toNanos();
    for (int i = 0; i < 10_000; i++) {
      points.makeIfDue(cluster.wal.endLsn());
    }
    assertThat(cluster.control().checkPointLsn()).isEqualTo(next);
  }

  @Test
  void nothingThatWasDroppedBeforeACheckpointWaitsBeyondIt() throws Exception {
    var points = points(1);
    points.replayed(read(cluster.onlineCheckPoint()));
    assertThat(done).contains("settle");
  }

  @Test
  void doesNotBeginAgainWherePagesWereMissing() throws Exception {
    var points = points(1);
    long missed = cluster.onlineCheckPoint();
    replay.hasInvalidPages = true;
    points.replayed(read(missed));
    replay.hasInvalidPages = false;

    points.makeIfDue(cluster.wal.endLsn());

    assertThat(cluster.control().checkPointLsn()).isEqualTo(first);
  }

  @Test
  void endsInRecoveryWithARestartPointIfThereIsOne() throws Exception {
    var points = points(Long.MAX_VALUE);
    long next = cluster.onlineCheckPoint();
    points.replayed(read(next));
    points.makeLast();
    assertThat(cluster.control().checkPointLsn()).isEqualTo(next);
    assertThat(cluster.control().state()).isEqualTo(DBState.SHUTDOWNED_IN_RECOVERY);
  }

  @Test
  void endsInRecoveryWithTheOneThatWasBeingMade() throws Exception {
    var later = new ArrayList<Runnable>();
    beside = later::add;
    var points = points(1);
    long next = cluster.onlineCheckPoint();
    points.replayed(read(next));
    points.makeIfDue(cluster.wal.endLsn());
    later.removeFirst().run();
    points.makeLast();
    assertThat(cluster.control().checkPointLsn()).isEqualTo(next);
    assertThat(cluster.control().state()).isEqualTo(DBState.SHUTDOWNED_IN_RECOVERY);
    assertThat(done).containsSubsequence("write pages beside", "write pages");
  }

  @Test
  void endsInRecoveryWithoutOneToo() throws Exception {
    var points = points(Long.MAX_VALUE);
    controlFile.replaying(cluster.wal.endLsn() + 800);
    changeAFile();
    done.clear();
    points.makeLast();
    assertThat(done).startsWith("settle");
    assertThat(cluster.control().checkPointLsn()).isEqualTo(first);
    assertThat(cluster.control().minRecoveryPoint()).isEqualTo(cluster.wal.endLsn() + 800);
    assertThat(cluster.control().state()).isEqualTo(DBState.SHUTDOWNED_IN_RECOVERY);
    assertThat(done).containsSubsequence("write pages", "force 16384", "write pg_control");
  }
}
