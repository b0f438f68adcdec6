package org.walstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.SYSTEM_IDENTIFIER;
import static org.walstream.store.SampleWal.TIMELINE;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.wal.record.WalVerifier;

/// A process that writes WAL is killed with SIGKILL at random moments, again and again in the same
/// directory: what it had told to be written is there again, and the stream goes on.
///
/// `-Dwalstream.crash.rounds=50` for more rounds.
@Timeout(600)
class CrashTest {

  private static final int ROUNDS = Integer.getInteger("walstream.crash.rounds", 4);
  private static final int WAL_BYTES = 24 << 20;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true"})
  void whatWasReportedIsThereAgainAfterKill9(boolean synchronous, boolean direct) throws Exception {
    TestedFiles.of(direct, directory); // or it is skipped
    long seed = ThreadLocalRandom.current().nextLong();
    var random = new Random(seed);
    SampleWal wal = SampleWal.ofBytes(WriterProcess.SEED, WAL_BYTES);
    long reported = START;
    for (int round = 1; round <= ROUNDS; round++) {
      String when = "seed %d, round %d".formatted(seed, round);
      reported = Math.max(reported, runAndKill(synchronous, direct, random.nextInt(20, 200)));
      try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
        long end = store.currentLog().map(WalLog::writtenLsn).orElse(START);
        assertThat(end).as(when).isGreaterThanOrEqualTo(provenUpTo(wal, reported));
        assertRight(store, wal, end, when);
      }
    }
  }

  private long runAndKill(boolean synchronous, boolean direct, int millis) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                WriterProcess.class.getName(),
                directory.toString(),
                Boolean.toString(synchronous),
                Boolean.toString(direct))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long last = START;
    try (BufferedReader lines = process.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("ready");
      Thread killer =
          Thread.startVirtualThread(() -> {
            try {
              TimeUnit.MILLISECONDS.sleep(millis);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            process.toHandle().destroyForcibly(); // unlike the Process it leaves the pipe
          });
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(".")) { // whole
          last = Long.parseLong(line, 0, line.length() - 1, 16);
        }
      }
      killer.join();
      process.waitFor();
    }
    return last;
  }

  private static void assertRight(WalStore store, SampleWal wal, long end, String when)
      throws IOException {
    if (end == START) {
      return;
    }
    ByteBuffer read = ByteBuffer.allocate(1 << 20);
    try (WalCursor cursor = store.cursor(TIMELINE, START)) {
      for (long lsn = START; lsn < end; lsn += read.limit()) {
        cursor.read(lsn, read.clear());
        assertThat(read.flip()).as(when).isEqualTo(wal.at(lsn, read.limit()));
      }
    }
  }

  private static long provenUpTo(SampleWal wal, long lsn) {
    var verifier = new WalVerifier(SEGMENT_SIZE, SYSTEM_IDENTIFIER, TIMELINE);
    verifier.start(START);
    verifier.feed(START, wal.at(START, (int) (lsn - START)));
    return Math.min(verifier.verifiedLsn(), lsn);
  }

  /// Streams into the directory from where it may, and says how far WAL is written.
  static final class WriterProcess {

    static final long SEED = 3;

    private WriterProcess() {}

    public static void main(String[] arguments) throws IOException {
      SampleWal wal = SampleWal.ofBytes(SEED, WAL_BYTES);
      var options =
          StoreOptions.DEFAULT
              .withSynchronous(Boolean.parseBoolean(arguments[1]))
              .withFiles(TestedFiles.of(Boolean.parseBoolean(arguments[2]), Path.of(arguments[0])));
      var random = new Random();
      try (WalStore store = WalStore.open(Path.of(arguments[0]), options)) {
        long start = store.currentLog().map(WalLog::restartLsn).orElse(START);
        WalLog log = store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, start);
        System.out.println("ready");
        for (long lsn = start; lsn < wal.endLsn(); ) {
          ByteBuffer bytes = wal.at(lsn, 1 + random.nextInt(100_000));
          int length = bytes.remaining();
          log.append(lsn, bytes);
          lsn += length;
          log.requestFlush();
          System.out.println(Long.toHexString(log.writtenLsn()) + ".");
        }
      }
    }
  }
}
