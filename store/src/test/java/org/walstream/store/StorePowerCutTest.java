package org.walstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.SYSTEM_IDENTIFIER;
import static org.walstream.store.SampleWal.TIMELINE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.store.check.WalCheck;
import org.walstream.testkit.file.PowerCutFiles;
import org.walstream.testkit.file.PowerLossException;
import org.walstream.testkit.file.RecordedFiles.Torn;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.WalVerifier;

/// A directory of WAL whose computer loses its power again and again, life after life, in the midst
/// of random operations, those of a start included; of all that was not forced anything is then
/// there or not, names too. What was reported as flushed in any life is there in every later one.
///
/// `-Dwalstream.crash.rounds=1000` for more lives, `-Dwalstream.test.seed=…` for the same again.
@Timeout(600)
class StorePowerCutTest {

  private static final int LIVES = Integer.getInteger("walstream.crash.rounds", 60);
  private static final int WAL_BYTES = 6 << 20;

  @TempDir Path temporary;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  private final SampleWal wal = SampleWal.ofBytes(13, WAL_BYTES);

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true"})
  void whatWasFlushedInAnyLifeIsThereInTheNext(boolean synchronous, boolean direct)
      throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("wal"));
    var files = new PowerCutFiles(TestedFiles.of(direct, temporary), temporary.resolve("aside"));
    var options = StoreOptions.DEFAULT.withFiles(files).withSynchronous(synchronous);
    long flushed = START;
    int ends = 0;
    for (int life = 1; life <= LIVES; life++) {
      files.cutAt(random.nextInt(4) == 0 ? random.nextLong(1, 12) : random.nextLong(1, 150));
      flushed = Math.max(flushed, live(directory, options));
      files.loseUnforced(random, random.nextBoolean() ? Torn.SECTORS : Torn.PAGES, _ -> false);
      String when = "seed %d, life %d".formatted(seed, life);
      if (random.nextInt(3) == 0 && life < LIVES) {
        continue; // the next life finds it as it was left
      }
      if (assertHas(directory, flushed, when) == wal.endLsn()) {
        ends++;
        clear(directory);
        flushed = START;
      }
    }
    System.out.printf("seed %d: %d lives, %d times at the end%n", seed, LIVES, ends);
  }

  /// @return how far it has been told that WAL is flushed
  private long live(Path directory, StoreOptions options) {
    WalLog log = null;
    try (WalStore store = WalStore.open(directory, options)) {
      long end = store.currentLog().map(WalLog::writtenLsn).orElse(START);
      log =
          store.openLog(
              SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, SEGMENT_SIZE.startOfSegment(end));
      for (long lsn = log.restartLsn(); lsn < wal.endLsn(); ) {
        ByteBuffer bytes = wal.at(lsn, random.nextInt(1, 120_000));
        int length = bytes.remaining();
        log.append(lsn, bytes);
        lsn += length;
        if (random.nextBoolean()) {
          log.requestFlush();
          log.awaitFlushed(lsn - 1, TimeUnit.MINUTES.toNanos(1));
        }
      }
    } catch (IOException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      assertThat(root).as("seed %d", seed).isInstanceOf(PowerLossException.class);
    }
    return log == null ? START : log.flushedLsn();
  }

  /// @return where WAL ends now, on a disk that works
  private long assertHas(Path directory, long flushed, String when) throws IOException {
    long end;
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT.withSync(false))) {
      end = store.currentLog().map(WalLog::writtenLsn).orElse(START);
      assertThat(end).as(when).isGreaterThanOrEqualTo(wholeUpTo(flushed));
      if (end > START) {
        try (WalCursor cursor = store.cursor(TIMELINE, START)) {
          ByteBuffer read = ByteBuffer.allocate((int) (end - START));
          cursor.readFully(START, read);
          assertThat(read.flip()).as(when).isEqualTo(wal.at(START, read.limit()));
        }
      }
    }
    if (end > START) {
      // Behind the last whole record unforced bytes may follow, and a record that is not all there.
      long whole = wholeUpTo(end);
      var report = WalCheck.run(directory, false, 1);
      assertThat(report.damages())
          .as(when)
          .noneMatch(damage -> Lsn.isBefore(damage.startLsn(), whole));
      assertThat(report.gaps()).as(when).noneMatch(gap -> Lsn.isBefore(gap.startLsn(), whole));
    }
    return end;
  }

  private long wholeUpTo(long lsn) {
    var verifier = new WalVerifier(SEGMENT_SIZE, SYSTEM_IDENTIFIER, TIMELINE);
    verifier.start(START);
    if (lsn > START) {
      verifier.feed(START, wal.at(START, (int) (lsn - START)));
    }
    return Math.min(verifier.verifiedLsn(), lsn);
  }

  private static void clear(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}
