package org.walstream.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.SYSTEM_IDENTIFIER;
import static org.walstream.store.SampleWal.TIMELINE;
import static org.walstream.store.SampleWal.segmentAt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.file.FileLayer;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.testkit.file.RecordedFiles.Torn;
import org.walstream.wal.TimelineId;

/// What has been reported flushed is there again after every kind of end.
@Timeout(600)
class DurabilityTest {

  private static final int MB = 1 << 20;
  private static final long MINUTE = MINUTES.toNanos(1);

  private static final StoreOptions ARCHIVED =
      StoreOptions.DEFAULT.withArchiveStatus(ArchiveStatus.READY);

  @TempDir Path temporary;

  private final SampleWal wal = SampleWal.ofBytes(7, 3 * MB + 200_000);

  /// The file layer looks at *flushed* before each operation of its own, and once more while a
  /// force is under way: it may never be past what would survive a loss of power by then.
  @ParameterizedTest
  @CsvSource({"true, false", "false, false", "false, true"})
  void noPositionIsReportedFlushedBeforeTheForceThatCoversItHasReturned(
      boolean synchronous, boolean direct) throws Exception {
    Path directory = Files.createDirectory(temporary.resolve("wal"));
    var log = new AtomicReference<@Nullable WalLog>();
    var files = new AtomicReference<@Nullable RecordedFiles>();
    var problem = new AtomicReference<@Nullable String>();
    RecordedFiles recorded =
        new RecordedFiles(
            TestedFiles.of(direct, temporary),
            operation -> {
              if (operation.startsWith("force ")) {
                LockSupport.parkNanos(200_000); // a chance to see what is reported too early
              }
              checkDurable(log.get(), files.get(), problem, operation);
            });
    files.set(recorded);
    var options = StoreOptions.DEFAULT.withFiles(recorded).withSynchronous(synchronous);
    try (WalStore store = WalStore.open(directory, options);
        var threads = Executors.newCachedThreadPool()) {
      WalLog opened = store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, START);
      log.set(opened);
      var others = new ArrayList<Future<?>>();
      for (int i = 0; i < 3; i++) {
        others.add(threads.submit(reader(store, opened, 10_000 * (i + 1))));
      }
      others.add(threads.submit(flusher(opened)));
      var random = new Random(11);
      for (long lsn = START; lsn < wal.endLsn(); ) {
        ByteBuffer bytes = wal.at(lsn, 1 + random.nextInt(60_000));
        int length = bytes.remaining();
        opened.append(lsn, bytes);
        lsn += length;
        if (random.nextInt(3) == 0) {
          opened.requestFlush();
        }
      }
      for (Future<?> other : others) {
        other.get();
      }
      assertThat(opened.flushedLsn()).isEqualTo(wal.endLsn());
    }
    assertThat(problem.get()).isNull();
  }

  private void checkDurable(
      @Nullable WalLog log,
      @Nullable RecordedFiles files,
      AtomicReference<@Nullable String> problem,
      String operation) {
    if (log != null && files != null) {
      long flushed = log.flushedLsn();
      long durable = durableLsn(files);
      if (flushed > durable) {
        problem.set(
            "flushed %x is past durable %x before %s".formatted(flushed, durable, operation));
      }
    }
  }

  /// How far the WAL would survive, in files by whose names it would be found.
  private long durableLsn(RecordedFiles files) {
    long lsn = START;
    while (lsn < wal.endLsn()) {
      var segment = segmentAt(lsn);
      byte[] forced =
          files
              .surviving(segment.fileName())
              .or(() -> files.surviving(segment.partialFileName()))
              .or(() -> files.surviving(segment.fileName())) // renamed between the two looks
              .orElse(new byte[0]);
      int same =
          ByteBuffer.wrap(forced).mismatch(ByteBuffer.wrap(wal.segment(segment, wal.endLsn())));
      if (same >= 0) {
        return lsn + same;
      }
      lsn = segment.endLsn();
    }
    return wal.endLsn();
  }

  private Callable<Void> reader(WalStore store, WalLog log, int step) {
    return () -> {
      ByteBuffer read = ByteBuffer.allocateDirect(step);
      try (WalCursor cursor = store.cursor(TIMELINE, awaited(log, START))) {
        for (long lsn = START; lsn < wal.endLsn(); ) {
          assertThat(log.awaitWritten(lsn, MINUTE)).isTrue();
          int length = cursor.read(lsn, read.clear());
          assertThat(read.flip()).isEqualTo(wal.at(lsn, length));
          lsn += length;
        }
      }
      return null;
    };
  }

  private static long awaited(WalLog log, long lsn) throws IOException {
    assertThat(log.awaitWritten(lsn, MINUTE)).isTrue();
    return lsn;
  }

  private Callable<Void> flusher(WalLog log) {
    return () -> {
      for (long lsn = START; lsn < wal.endLsn(); lsn = log.flushedLsn()) {
        log.requestFlush();
        log.awaitFlushed(lsn, 1_000_000);
      }
      return null;
    };
  }

  /// A kill leaves what the kernel has. The flusher, which gives segments their names, has had no
  /// time yet, and of a timeline's first segment nothing else tells that it has been begun.
  @Test
  void whatWasWrittenIsThereAfterAKillBeforeTheFlusherHasDoneAnything() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("wal"));
    var flusher = new Semaphore(1);
    var files =
        new RecordedFiles(operation -> {
          if (Thread.currentThread().getName().equals("walstream-flush")) {
            flusher.acquireUninterruptibly();
            flusher.release();
          }
        });
    long fork = provenUpTo(START + MB + 50_000);
    SampleWal second = wal.forkedAt(fork, 2, 99, 3 * MB);
    try (WalStore store = WalStore.open(directory, ARCHIVED.withFiles(files))) {
      WalLog first = store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, START);
      assertThat(endAfterKill(directory, flusher, first, START, wal.at(START, 100_000)))
          .isEqualTo(provenUpTo(START + 100_000));
      first.append(START + 100_000, wal.at(START + 100_000, (int) (fork - START - 100_000)));
      store.storeHistory(new TimelineId(2), "1\t0/%X\tno reason\n".formatted(fork).getBytes(UTF_8));
      first.finish(fork, new TimelineId(2));
      WalLog log = store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, new TimelineId(2), START + MB);
      ByteBuffer begun = second.at(START + MB, 100_000);
      assertThat(endAfterKill(directory, flusher, log, START + MB, begun))
          .isBetween(fork + 1, START + MB + 100_000);
    }
  }

  private long endAfterKill(
      Path directory, Semaphore flusher, WalLog log, long lsn, ByteBuffer appended)
      throws IOException {
    flusher.acquireUninterruptibly();
    try {
      log.append(lsn, appended);
      return endAfterKill(directory);
    } finally {
      flusher.release();
    }
  }

  private long endAfterKill(Path directory) throws IOException {
    Path killed = Files.createTempDirectory(temporary, "killed");
    for (String name : FileLayer.system().list(directory)) {
      if (Files.isRegularFile(directory.resolve(name))) {
        Files.copy(directory.resolve(name), killed.resolve(name));
      }
    }
    try (WalStore store = WalStore.open(killed, ARCHIVED)) {
      return store.currentLog().map(WalLog::writtenLsn).orElse(0L);
    }
  }

  /// Fails at each operation in turn, from the first file that is made to the last name. Then once
  /// the process is gone but the kernel is not, and once the power is.
  @Test
  void nothingFlushedIsLostWhicheverStepIsTheLast() throws IOException {
    int last = Integer.MAX_VALUE;
    for (int step = 1; step <= last; step++) {
      Path directory = Files.createDirectory(temporary.resolve("step" + step));
      RecordedFiles files = RecordedFiles.failingFrom(step);
      long flushed = writeUntilFailure(directory, files);
      if (files.operations().size() < step) {
        last = step;
        assertThat(flushed).isEqualTo(wal.endLsn());
      }
      assertNothingIsLost(directory, flushed, "step " + step + ", kernel alive");
      for (long seed = 0; seed < 2; seed++) {
        Path survived = Files.createDirectory(temporary.resolve("step" + step + "seed" + seed));
        files.afterPowerLoss(directory, survived, seed == 0 ? null : new Random(seed), Torn.PAGES);
        assertNothingIsLost(survived, flushed, "step " + step + ", power lost, seed " + seed);
      }
    }
    assertThat(last).as("how many steps there are").isGreaterThan(40);
  }

  private long writeUntilFailure(Path directory, RecordedFiles files) throws IOException {
    var options = ARCHIVED.withFiles(files);
    WalLog log = null;
    try (WalStore store = WalStore.open(directory, options)) {
      log = store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, START);
      for (long lsn = START; lsn < wal.endLsn(); lsn += 300_000) {
        log.append(lsn, wal.at(lsn, 300_000));
        log.requestFlush();
        log.awaitFlushed(lsn, MINUTE);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("no power to");
    }
    return log == null ? START : log.flushedLsn();
  }

  private void assertNothingIsLost(Path directory, long flushed, String when) throws IOException {
    try (WalStore store = WalStore.open(directory, ARCHIVED.withSync(false))) {
      long proven = provenUpTo(flushed);
      long end = store.currentLog().map(WalLog::writtenLsn).orElse(START);
      assertThat(end).as(when).isGreaterThanOrEqualTo(proven);
      if (end > START) {
        try (WalCursor cursor = store.cursor(TIMELINE, START)) {
          ByteBuffer read = ByteBuffer.allocate((int) (end - START));
          cursor.readFully(START, read);
          assertThat(read.flip()).as(when).isEqualTo(wal.at(START, read.limit()));
        }
      }
      WalLog log =
          store.openLog(
              SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, SEGMENT_SIZE.startOfSegment(end));
      for (long lsn = log.restartLsn(); lsn < wal.endLsn(); lsn += MB) {
        log.append(lsn, wal.at(lsn, MB));
      }
    }
    for (long lsn = START; lsn < wal.endLsn(); lsn += MB) {
      var name = segmentAt(lsn);
      boolean finished = name.endLsn() <= wal.endLsn();
      Path file = directory.resolve(finished ? name.fileName() : name.partialFileName());
      assertThat(Arrays.equals(Files.readAllBytes(file), wal.segment(name, wal.endLsn())))
          .as("%s: %s", when, name)
          .isTrue();
      assertThat(Files.exists(directory.resolve("archive_status/" + name.fileName() + ".ready")))
          .as("%s: %s is marked", when, name)
          .isEqualTo(finished);
    }
    List<String> left = FileLayer.system().list(directory);
    assertThat(left).as(when).noneMatch(name -> name.endsWith(".next"));
  }

  /// The end of the last record that is whole by `lsn`: what a COMMIT can rest on.
  private long provenUpTo(long lsn) {
    var verifier =
        new org.walstream.wal.record.WalVerifier(SEGMENT_SIZE, SYSTEM_IDENTIFIER, TIMELINE);
    verifier.start(START);
    if (lsn > START) {
      verifier.feed(START, wal.at(START, (int) (lsn - START)));
    }
    return Math.min(verifier.verifiedLsn(), lsn);
  }
}
