package org.walstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.SYSTEM_IDENTIFIER;
import static org.walstream.store.SampleWal.TIMELINE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.file.NoSpaceException;
import org.walstream.store.check.WalCheck;
import org.walstream.store.check.WalReport;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.testkit.file.RecordedFiles.Torn;

/// A disk that fails once and then works again, which is how disks fail: the kernel has dropped
/// what it could not write, and the next fsync succeeds. What was acknowledged is there all the
/// same, and the next life goes on.
@Timeout(600)
class FailingDiskTest {

  private static final int MB = 1 << 20;
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  @TempDir Path temporary;

  private final SampleWal wal = SampleWal.ofBytes(5, 3 * MB + 200_000);

  /// @param operation the first word of what is done: `write`, `force`, `rename`, `force directory`
  @ParameterizedTest
  @ValueSource(strings = {"create", "reserve", "write", "force .", "rename", "force directory"})
  void anErrorOnceLosesNothingAcknowledged(String operation) throws IOException {
    int reached = 1;
    for (int number = 1; number <= reached; number++) {
      Path directory =
          Files.createDirectory(
              temporary.resolve("%s-%d".formatted(operation.replace(' ', '-'), number)));
      var seen = new AtomicInteger();
      int failing = number;
      var files =
          new RecordedFiles(told -> {
            if (told.startsWith(operation) && seen.incrementAndGet() == failing) {
              throw new IOException("Input/output error: " + told);
            }
          });
      long flushed = write(directory, files);
      if (seen.get() >= number) {
        reached = number + 1;
      }
      Path survived =
          Files.createDirectory(
              temporary.resolve("%s-%d-after".formatted(operation.replace(' ', '-'), number)));
      files.afterPowerLoss(directory, survived, null, Torn.PAGES);
      String when = "%s number %d".formatted(operation, number);
      assertHas(survived, flushed, when + ", and the power lost");
      assertHas(directory, flushed, when);
    }
    assertThat(reached).as("how many there are").isGreaterThan(1);
  }

  /// Space is weather: the writer waits for it, and nothing has failed.
  @Test
  void aFullDiskIsWaitedFor() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("full"));
    var refused = new AtomicInteger();
    var files =
        new RecordedFiles(told -> {
          if (told.startsWith("reserve") && refused.get() < 5) {
            refused.incrementAndGet();
            throw new NoSpaceException("No space left on device");
          }
        });
    assertThat(write(directory, files)).isEqualTo(wal.endLsn());
    assertThat(refused).hasValue(5);
    assertHas(directory, wal.endLsn(), "after a full disk");
  }

  /// @return what was reported as flushed when it ended, with an error or without one
  private long write(Path directory, RecordedFiles files) {
    WalLog log = null;
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT.withFiles(files))) {
      log = store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, START);
      for (long lsn = START; lsn < wal.endLsn(); lsn += 200_000) {
        log.append(lsn, wal.at(lsn, 200_000));
        log.requestFlush();
        log.awaitFlushed(lsn, MINUTE);
      }
    } catch (IOException e) {
      assertThat(e).hasStackTraceContaining("Input/output error");
    }
    return log == null ? START : log.flushedLsn();
  }

  /// Opens the directory anew, looks whether all up to `flushed` is there, proves all of it, and
  /// has the stream go on to its end.
  private void assertHas(Path directory, long flushed, String when) throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT.withSync(false))) {
      long end = store.currentLog().map(WalLog::writtenLsn).orElse(START);
      assertThat(end).as(when).isGreaterThanOrEqualTo(wholeUpTo(flushed));
      WalLog log =
          store.openLog(
              SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, SEGMENT_SIZE.startOfSegment(end));
      for (long lsn = log.restartLsn(); lsn < wal.endLsn(); lsn += MB) {
        log.append(lsn, wal.at(lsn, MB));
      }
    }
    WalReport report = WalCheck.run(directory, false, 1);
    assertThat(report.gaps()).as(when).isEmpty();
    assertThat(report.damages()).as(when).isEmpty();
    assertThat(report.ranges().getLast().endLsn()).as(when).isEqualTo(wal.endLsn());
  }

  /// The end of the last record that is whole by `lsn`.
  private long wholeUpTo(long lsn) {
    var verifier =
        new org.walstream.wal.record.WalVerifier(SEGMENT_SIZE, SYSTEM_IDENTIFIER, TIMELINE);
    verifier.start(START);
    if (lsn > START) {
      verifier.feed(START, wal.at(START, (int) (lsn - START)));
    }
    return Math.min(verifier.verifiedLsn(), lsn);
  }
}
