package org.walstream.store;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.SYSTEM_IDENTIFIER;
import static org.walstream.store.SampleWal.TIMELINE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.file.NoSpaceException;
import org.walstream.testkit.file.RecordedFiles;

@Timeout(600)
class SegmentPreparerTest {

  private static final int MB = 1 << 20;

  @TempDir Path directory;

  private final SampleWal wal = SampleWal.ofBytes(5, 3 * MB);
  private final AtomicBoolean full = new AtomicBoolean();
  private final RecordedFiles files =
      new RecordedFiles(operation -> {
        if (full.get() && operation.startsWith("reserve")) {
          throw new NoSpaceException("No space left on device");
        }
      });

  @Test
  void aFullDiskHoldsTheWriterUpUntilThereIsSpace() throws Exception {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT.withFiles(files))) {
      full.set(true);
      WalLog log = store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, START);
      var appended = CompletableFuture.runAsync(() -> append(log));
      while (!log.waitingForSpace()) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(log.writtenLsn()).isEqualTo(START);
      full.set(false);
      appended.get(1, MINUTES);
      assertThat(log.writtenLsn()).isEqualTo(wal.endLsn());
      assertThat(log.failure()).isEmpty();
    }
    assertThat(FileLayer.system().list(directory)).noneMatch(name -> name.endsWith(".next"));
  }

  @Test
  void whatWasWrittenCanBeFlushedWhileTheDiskIsFull() throws Exception {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT.withFiles(files))) {
      WalLog log = store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, START);
      log.append(START, wal.at(START, 100));
      full.set(true);
      log.append(START + 100, wal.at(START + 100, MB / 2));
      log.requestFlush();
      assertThat(log.awaitFlushed(START + 100 + MB / 2 - 1, MINUTES.toNanos(1))).isTrue();
    }
  }

  @Test
  void closingTheStoreLetsAWriterGoThatWaitsForSpace() throws Exception {
    WalStore store = WalStore.open(directory, StoreOptions.DEFAULT.withFiles(files));
    full.set(true);
    WalLog log = store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, START);
    var appended = CompletableFuture.runAsync(() -> append(log));
    while (!log.waitingForSpace()) {
      LockSupport.parkNanos(1_000_000);
    }
    store.close();
    assertThatThrownBy(appended::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(UncheckedIOException.class)
        .cause()
        .isInstanceOf(WalLogClosedException.class);
  }

  private void append(WalLog log) {
    try {
      log.append(START, wal.at(START, 4 * MB));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
