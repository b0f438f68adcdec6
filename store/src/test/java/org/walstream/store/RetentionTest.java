package org.walstream.store;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.SYSTEM_IDENTIFIER;
import static org.walstream.store.SampleWal.TIMELINE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.file.ForwardingFileLayer;
import org.walstream.wal.TimelineId;
import org.walstream.wal.record.WalSource;

@Timeout(600)
class RetentionTest {

  private static final int MB = 1 << 20;

  @TempDir Path directory;

  private final SampleWal wal = SampleWal.ofBytes(6, 8 * MB + 100);

  @Test
  void removesWhatEndsBeforeThePositionAndNothingElse() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      write(store, START, START + 4 * MB + 100);
      store.storeHistory(new TimelineId(2), new byte[] {'#', '\n'});
      store.removeBefore(START + 2 * MB + 5);
      assertThat(store.oldestLsn().orElseThrow().value()).isEqualTo(START + 2 * MB);
      assertThat(names())
          .containsExactly(
              "000000010000000000000005",
              "000000010000000000000006",
              "000000010000000000000007.partial",
              "00000002.history");
      assertThatThrownBy(() -> store.cursor(TIMELINE, START).close())
          .hasMessage("requested WAL segment 000000010000000000000003 has already been removed");
    }
  }

  @Test
  void neverRemovesTheSegmentBeingWrittenNorTheOneBeforeIt() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      write(store, START, START + 2 * MB + 100);
      store.removeBefore(START + 7 * MB);
      assertThat(names())
          .containsExactly("000000010000000000000004", "000000010000000000000005.partial");
    }
  }

  /// One that is full while its disk is slow is not finished, and nothing else tells where WAL
  /// ends.
  @Test
  void neverRemovesTheLastFinishedSegmentWhileTheNextOnesWait() throws Exception {
    var slow = new Semaphore(Integer.MAX_VALUE);
    var files =
        new ForwardingFileLayer(FileLayer.system()) {
          @Override
          public void rename(Path source, Path target) throws IOException {
            slow.acquireUninterruptibly();
            super.rename(source, target);
          }
        };
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT.withFiles(files))) {
      write(store, START, START + MB + 100);
      WalLog log = store.currentLog().orElseThrow();
      log.requestFlush();
      assertThat(log.awaitFlushed(START + MB, MINUTES.toNanos(1))).isTrue();
      int permits = slow.drainPermits();
      log.append(START + MB + 100, wal.at(START + MB + 100, MB));
      store.removeBefore(START + 7 * MB);
      assertThat(names()).contains("000000010000000000000003", "000000010000000000000004.partial");
      slow.release(permits);
    }
  }

  @Test
  void spareFilesBecomeSegmentsThatReadAsZerosPastTheWrittenEnd() throws IOException {
    var options = StoreOptions.DEFAULT.withSpareSegmentsMax(2);
    try (WalStore store = WalStore.open(directory, options)) {
      write(store, START, START + 4 * MB + 100);
      awaitNext(); // whose file would else be made of a spare one, in its own time
      store.removeBefore(START + 4 * MB);
      assertThat(FileLayer.system().list(directory))
          .filteredOn(name -> name.endsWith(".spare"))
          .hasSize(2);
      write(store, START + 4 * MB + 100, wal.endLsn());
    }
    assertThat(FileLayer.system().list(directory)).noneMatch(name -> name.endsWith(".spare"));
    for (long lsn = START + 4 * MB; lsn < wal.endLsn(); lsn += MB) {
      var segment = SampleWal.segmentAt(lsn);
      boolean finished = segment.endLsn() <= wal.endLsn();
      Path file = directory.resolve(finished ? segment.fileName() : segment.partialFileName());
      assertThat(Files.readAllBytes(file)).isEqualTo(wal.segment(segment, wal.endLsn()));
    }
  }

  @Test
  void aReaderOfARecycledFileIsToldInsteadOfGivenOtherWal() throws IOException {
    var options = StoreOptions.DEFAULT.withSpareSegmentsMax(2);
    try (WalStore store = WalStore.open(directory, options)) {
      write(store, START, START + 3 * MB);
      ByteBuffer read = ByteBuffer.allocate(100);
      try (WalCursor cursor = store.cursor(TIMELINE, START)) {
        assertThat(cursor.read(START, read)).isEqualTo(100);
        store.removeBefore(START + MB);
        write(store, START + 3 * MB, START + 6 * MB);
        assertThat(cursor.read(START + 100, read.clear())).isEqualTo(WalSource.ABSENT);
        assertThat(read.position()).isZero();
        assertThatThrownBy(() -> cursor.readFully(START + 100, read))
            .isInstanceOf(WalRemovedException.class);
      }
    }
  }

  @Test
  void segmentsThatWaitForTheirArchiverStay() throws IOException {
    var options = StoreOptions.DEFAULT.withArchiveStatus(ArchiveStatus.READY);
    Path status = directory.resolve("archive_status");
    try (WalStore store = WalStore.open(directory, options)) {
      write(store, START, START + 3 * MB);
      store.removeBefore(START + 3 * MB);
      assertThat(names()).contains("000000010000000000000003");
      Files.move(
          status.resolve("000000010000000000000003.ready"),
          status.resolve("000000010000000000000003.done"));
      store.removeBefore(START + 3 * MB);
      assertThat(names()).doesNotContain("000000010000000000000003");
    }
    assertThat(FileLayer.system().list(status))
        .containsExactly("000000010000000000000004.ready", "000000010000000000000005.ready");
  }

  @Test
  void finishedFilesAreMarkedAsDoneWhenAsked() throws IOException {
    var options = StoreOptions.DEFAULT.withArchiveStatus(ArchiveStatus.DONE);
    try (WalStore store = WalStore.open(directory, options)) {
      store.storeHistory(new TimelineId(2), new byte[] {'#', '\n'});
      write(store, START, START + MB + 100);
    }
    assertThat(FileLayer.system().list(directory.resolve("archive_status")))
        .containsExactly("000000010000000000000003.done", "00000002.history.done");
  }

  private void write(WalStore store, long from, long to) throws IOException {
    WalLog log =
        store.openLog(
            SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, store.currentLog().isEmpty() ? START : from);
    for (long lsn = from; lsn < to; lsn += 100_000) {
      log.append(lsn, wal.at(lsn, (int) Math.min(100_000, to - lsn)));
    }
    log.requestFlush();
    assertThat(log.awaitFlushed(to - 1, MINUTES.toNanos(1))).isTrue();
  }

  private void awaitNext() throws IOException {
    String name = SampleWal.segmentAt(START + 5 * MB).fileName() + ".next";
    while (FileLayer.system().list(directory).stream().noneMatch(file -> file.contains(name))) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private List<String> names() throws IOException {
    return FileLayer.system().list(directory).stream()
        .filter(name -> name.startsWith("0000") && !name.endsWith(".next"))
        .filter(name -> !name.endsWith(".spare"))
        .toList();
  }
}
