package org.walstream.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.SYSTEM_IDENTIFIER;
import static org.walstream.store.SampleWal.TIMELINE;
import static org.walstream.store.SampleWal.segmentAt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.file.DirectoryInUseException;
import org.walstream.file.FileLayer;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

@Timeout(600)
class WalLogTest {

  private static final int MB = 1 << 20;
  private static final long MINUTE = MINUTES.toNanos(1);

  @TempDir Path directory;

  private final SampleWal wal = SampleWal.ofBytes(1, 5 * MB + 300_000);

  @ParameterizedTest
  @CsvSource({
    "true, true, false",
    "true, false, false",
    "false, false, false",
    "true, true, true",
    "true, false, true"
  })
  void leavesTheDirectoryAsPgReceivewalDoes(boolean sync, boolean synchronous, boolean direct)
      throws IOException {
    var options =
        StoreOptions.DEFAULT
            .withSync(sync)
            .withSynchronous(synchronous)
            .withFiles(TestedFiles.of(direct, directory));
    try (WalStore store = WalStore.open(directory, options)) {
      WalLog log = open(store, START);
      append(log, START, wal.endLsn(), 70_000);
      assertThat(log.writtenLsn()).isEqualTo(wal.endLsn());
    }
    assertThat(segmentFiles())
        .containsExactly(
            "000000010000000000000003",
            "000000010000000000000004",
            "000000010000000000000005",
            "000000010000000000000006",
            "000000010000000000000007",
            "000000010000000000000008.partial");
    assertThatContentIsRightUpTo(wal.endLsn());
  }

  @Test
  void flushesWhatWasWrittenWhenAsked() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = open(store, START);
      log.append(START, wal.at(START, 1000));
      assertThat(log.flushedLsn()).isEqualTo(START);
      log.requestFlush();
      assertThat(log.awaitFlushed(START, MINUTE)).isTrue();
      assertThat(log.flushedLsn()).isEqualTo(START + 1000);
      assertThat(segmentFiles()).contains("000000010000000000000003.partial");
    }
  }

  @Test
  void flushesASegmentAsItBecomesFullWithoutBeingAsked() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = open(store, START);
      append(log, START, START + MB + 5, 100_000);
      assertThat(log.awaitFlushed(START + MB - 1, MINUTE)).isTrue();
      assertThat(log.flushedLsn()).isEqualTo(START + MB);
      assertThat(segmentFiles()).contains("000000010000000000000003");
    }
  }

  @Test
  void readersGetWhatWasWrittenFromEveryStageOfASegment() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = open(store, START);
      append(log, START, wal.endLsn(), 123_457);
      assertThat(read(store, START, wal.endLsn(), 77_777)).isEqualTo(wal.at(START, 6 * MB));
    }
  }

  @Test
  void readsNeitherPastTheWrittenEndNorOverTheEndOfASegment() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = open(store, START);
      append(log, START, START + MB + 100, MB);
      try (WalCursor cursor = store.cursor(TIMELINE, START + MB - 10)) {
        assertThat(cursor.read(START + MB - 10, ByteBuffer.allocate(1000))).isEqualTo(10);
        assertThat(cursor.read(START + MB, ByteBuffer.allocate(1000))).isEqualTo(100);
      }
      assertThatThrownBy(() -> store.cursor(TIMELINE, START + MB + 100).close())
          .isInstanceOf(WalRemovedException.class);
      assertThatThrownBy(() -> store.cursor(TIMELINE, START - 1).close())
          .hasMessage("requested WAL segment 000000010000000000000002 has already been removed");
    }
  }

  @Test
  void cursorsReadOnAfterTheStoreWasClosed() throws IOException {
    WalStore store = WalStore.open(directory, StoreOptions.DEFAULT);
    WalLog log = open(store, START);
    append(log, START, wal.endLsn(), MB);
    try (WalCursor cursor = store.cursor(TIMELINE, START)) {
      cursor.read(START, ByteBuffer.allocate(10));
      store.close();
      assertThat(read(cursor, START + 10, wal.endLsn(), MB)).isEqualTo(wal.at(START + 10, 6 * MB));
    }
  }

  @Test
  void closingLetsWaitersGo() throws IOException {
    WalStore store = WalStore.open(directory, StoreOptions.DEFAULT);
    WalLog log = open(store, START);
    store.close();
    assertThat(log.awaitWritten(START, MINUTE)).isFalse();
    assertThatThrownBy(() -> log.append(START, wal.at(START, 1)))
        .isInstanceOf(WalLogClosedException.class);
    store.close();
  }

  @Test
  void aLogThatHasReceivedNothingHoldsNobodyToWhereItBegan() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog empty = open(store, START);
      assertThat(open(store, START)).isSameAs(empty);
      assertThat(store.logToContinue(SYSTEM_IDENTIFIER, SEGMENT_SIZE)).isEmpty();
      assertThat(store.reachedLsn()).isZero();

      WalLog log = open(store, START + MB);
      assertThatThrownBy(() -> empty.awaitWritten(START, MINUTE))
          .isInstanceOf(WalLogFailedException.class)
          .hasMessageEndingWith("begins at 0/400000, nothing has come from 0/300000 on");
      append(log, START + MB, START + MB + 100, 100);
      assertThat(store.logToContinue(SYSTEM_IDENTIFIER, SEGMENT_SIZE)).contains(log);
      assertThat(store.reachedLsn()).isEqualTo(START + MB + 100);
      assertThatThrownBy(() -> open(store, START + 2 * MB)).isInstanceOf(WalGapException.class);
    }
    assertThat(directory).isDirectoryNotContaining("glob:**000000010000000000000003*");
  }

  @Test
  void refusesAGap() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = open(store, START);
      append(log, START, START + 100, 100);
      assertThatThrownBy(() -> log.append(START + 101, wal.at(START + 101, 1)))
          .isInstanceOf(WalGapException.class)
          .hasMessage(
              "WAL received at 0/300065 does not continue timeline 1, which ends at 0/300064");
      append(log, START + 100, START + MB + 1, MB);
      assertThatThrownBy(() -> log.append(START, wal.at(START, 1)))
          .isInstanceOf(WalGapException.class);
      assertThat(log.failure()).isEmpty();
    }
  }

  @Test
  void aStreamBegunAnewIsComparedAndGoesOn() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = open(store, START);
      append(log, START, START + 500_000, 50_000);
      assertThat(log.restartLsn()).isEqualTo(START);
      append(log, START, START + 700_000, 300_000);
      assertThat(log.writtenLsn()).isEqualTo(START + 700_000);
    }
    assertThatContentIsRightUpTo(START + 700_000);
  }

  @Test
  void aStreamThatDiffersIsRefusedAndNothingOverwritten() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = open(store, START);
      append(log, START, START + 500_000, 50_000);
      ByteBuffer other = ByteBuffer.allocate(500_100).put(wal.at(START, 500_100)).flip();
      other.put(499_999, (byte) ~other.get(499_999));
      assertThatThrownBy(() -> log.append(START, other))
          .isInstanceOf(WalDivergedException.class)
          .hasMessageContaining("000000010000000000000003.partial");
      assertThat(log.failure()).isEmpty();
    }
    assertThatContentIsRightUpTo(START + 500_000);
  }

  @Test
  void aReopenedDirectoryServesWhatItHasAndGoesOnFromTheSegmentsStart() throws IOException {
    long end = recordEndNear(START + 2 * MB + 400_000);
    write(end);
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = store.currentLog().orElseThrow();
      assertThat(log.timeline()).isEqualTo(TIMELINE);
      assertThat(log.systemIdentifier()).isEqualTo(SYSTEM_IDENTIFIER);
      assertThat(log.writtenLsn()).isEqualTo(end);
      assertThat(log.flushedLsn()).isEqualTo(end);
      assertThat(read(store, START, end, MB)).isEqualTo(wal.at(START, (int) (end - START)));

      assertThat(open(store, START + 2 * MB)).isSameAs(log);
      append(log, START + 2 * MB, wal.endLsn(), 90_000);
    }
    assertThatContentIsRightUpTo(wal.endLsn());
  }

  @Test
  void anEndWithinARecordIsKeptAsLongAsTheStreamRepeatsIt() throws IOException {
    long proven = recordEndNear(START + 400_000);
    long written = recordEndNear(proven + 1) - 8; // all of the next record but its end
    write(written);
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      assertThat(store.currentLog().orElseThrow().writtenLsn()).isEqualTo(proven);
      WalLog log = open(store, START);
      append(log, START, proven + 8, MB);
      assertThatContentIsRightUpTo(written);
    }
    assertThatContentIsRightUpTo(written);
  }

  @Test
  void staleBytesAreZeroedOnceTheStreamSaysOtherwise() throws IOException {
    long proven = recordEndNear(START + 400_000);
    write(proven);
    Path partial = directory.resolve("000000010000000000000003.partial");
    try (var file = Files.newByteChannel(partial, StandardOpenOption.WRITE)) {
      for (long at : List.of(proven - START + 10, proven - START + 500_000L)) {
        file.position(at).write(ByteBuffer.wrap(new byte[] {7, 7, 7}));
      }
    }
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = open(store, START);
      assertThat(log.writtenLsn()).isEqualTo(proven);
      append(log, START, proven + 100, MB);
    }
    assertThatContentIsRightUpTo(proven + 100);
  }

  @Test
  void aTimelinesEndLeavesTheSegmentPartialAndTheNextBeginsAtItsStart() throws IOException {
    long fork = recordEndNear(START + MB + 200_000);
    SampleWal second = wal.forkedAt(fork, 2, 99, 3 * MB);
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog first = open(store, START);
      append(first, START, fork, 100_000);
      assertThatThrownBy(() -> first.finish(fork + 1, new TimelineId(2)))
          .isInstanceOf(WalGapException.class);
      store.storeHistory(new TimelineId(2), "1\t0/%X\tno reason\n".formatted(fork).getBytes(UTF_8));
      first.finish(fork, new TimelineId(2));
      assertThat(first.nextTimeline()).contains(new TimelineId(2));
      assertThat(first.flushedLsn()).isEqualTo(fork);
      assertThat(first.awaitWritten(fork, MINUTE)).isFalse();

      WalLog log = store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, new TimelineId(2), START + MB);
      assertThat(store.currentLog()).contains(log);
      log.append(START + MB, second.at(START + MB, 100));
      assertThat(read(store, START, fork, 50_000))
          .as("before the fork WAL is still read from the first timeline's file")
          .isEqualTo(wal.at(START, (int) (fork - START)));
      log.append(START + MB + 100, second.at(START + MB + 100, 3 * MB));
      assertThat(read(store, new TimelineId(2), START, second.endLsn(), 50_000))
          .isEqualTo(second.at(START, 4 * MB));
      assertThatThrownBy(() -> open(store, START + MB))
          .hasMessageContaining("is on timeline 2 already, cannot go back to timeline 1");
    }
    assertThat(segmentFiles())
        .containsExactly(
            "000000010000000000000003",
            "000000010000000000000004.partial",
            "000000020000000000000004",
            "000000020000000000000005",
            "000000020000000000000006.partial");
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = store.currentLog().orElseThrow();
      assertThat(log.timeline()).isEqualTo(new TimelineId(2));
      assertThat(log.writtenLsn()).isEqualTo(second.endLsn());
      assertThat(store.oldestLsn().orElseThrow().value()).isEqualTo(START);
    }
  }

  @Test
  void aFinishedTimelineCanBeStreamedAgainWhileTheNextHasNotBegun() throws IOException {
    long fork = recordEndNear(START + 200_000);
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = open(store, START);
      append(log, START, fork, 100_000);
      log.finish(fork, new TimelineId(2));
      WalLog again = open(store, START);
      assertThat(again).isNotSameAs(log);
      assertThat(again.flushedLsn()).isEqualTo(fork);
      append(again, START, fork, 100_000);
      again.finish(fork, new TimelineId(2));
      store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, new TimelineId(2), START);
    }
    assertThat(segmentFiles()).containsExactly("000000010000000000000003.partial");
  }

  @Test
  void refusesAnotherClustersWalBeforeAnythingIsWritten() throws IOException {
    write(START + 1000);
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      assertThatThrownBy(() -> store.openLog(42, SEGMENT_SIZE, TIMELINE, START))
          .isInstanceOf(WalStoreException.class)
          .hasMessageContaining("system identifier " + SYSTEM_IDENTIFIER + ", not of 42");
      assertThatThrownBy(
              () -> store.openLog(SYSTEM_IDENTIFIER, WalSegmentSize.DEFAULT, TIMELINE, 0x3000000))
          .hasMessageContaining("holds segments of 1048576 bytes, not of 16777216");
      assertThatThrownBy(() -> open(store, START + MB)).isInstanceOf(WalGapException.class);
    }
    assertThat(segmentFiles()).containsExactly("000000010000000000000003.partial");
  }

  @Test
  void aPartialFileOfAWrongSizeIsAnErrorInPgReceivewalsWords() throws IOException {
    write(START + MB + 1000);
    Path partial = directory.resolve("000000010000000000000004.partial");
    Files.write(partial, new byte[100], StandardOpenOption.APPEND);
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      assertThatThrownBy(() -> open(store, START + MB))
          .hasMessage(
              "write-ahead log file \"%s\" has 1048676 bytes, should be 0 or 1048576"
                  .formatted(partial));
    }
    Files.write(partial, new byte[0]);
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      assertThat(store.currentLog().orElseThrow().writtenLsn()).isEqualTo(START + MB);
      append(open(store, START + MB), START + MB, START + 2 * MB, MB);
    }
    assertThatContentIsRightUpTo(START + 2 * MB);
  }

  @Test
  void aDirectoryHasOneWriter() throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      assertThat(store.currentLog()).isEmpty();
      assertThatThrownBy(() -> WalStore.open(directory, StoreOptions.DEFAULT))
          .isInstanceOf(DirectoryInUseException.class)
          .hasMessageContaining("is in use by this process: only one writer may have it");
    }
    WalStore.open(directory, StoreOptions.DEFAULT).close();
    assertThatThrownBy(() -> WalStore.open(directory.resolve("no"), StoreOptions.DEFAULT))
        .hasMessageEndingWith("no\": No such file or directory");
  }

  private WalLog open(WalStore store, long startLsn) throws IOException {
    return store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, startLsn);
  }

  private void write(long endLsn) throws IOException {
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      append(open(store, START), START, endLsn, MB);
    }
  }

  private void append(WalLog log, long from, long to, int step) throws IOException {
    for (long lsn = from; lsn < to; lsn += step) {
      log.append(lsn, wal.at(lsn, (int) Math.min(step, to - lsn)));
    }
  }

  /// The end of the first record that ends at `lsn` or later.
  private long recordEndNear(long lsn) {
    var verifier =
        new org.walstream.wal.record.WalVerifier(SEGMENT_SIZE, SYSTEM_IDENTIFIER, TIMELINE);
    verifier.start(START);
    long at = START;
    while (verifier.verifiedLsn() < lsn) {
      assertThat(verifier.feed(at, wal.at(at, 8))).isTrue();
      at += 8;
    }
    return verifier.verifiedLsn();
  }

  private static ByteBuffer read(WalStore store, long from, long to, int step) throws IOException {
    return read(store, TIMELINE, from, to, step);
  }

  private static ByteBuffer read(WalStore store, TimelineId timeline, long from, long to, int step)
      throws IOException {
    try (WalCursor cursor = store.cursor(timeline, from)) {
      return read(cursor, from, to, step);
    }
  }

  private static ByteBuffer read(WalCursor cursor, long from, long to, int step)
      throws IOException {
    ByteBuffer read = ByteBuffer.allocate((int) (to - from));
    while (read.hasRemaining()) {
      read.limit(Math.min(read.capacity(), read.position() + step));
      cursor.readFully(from + read.position(), read);
      read.limit(read.capacity());
    }
    return read.flip();
  }

  private List<String> segmentFiles() throws IOException {
    return FileLayer.system().list(directory).stream()
        .filter(name -> name.startsWith("0000"))
        .filter(name -> !name.endsWith(".history") && !name.endsWith(".next"))
        .toList();
  }

  private void assertThatContentIsRightUpTo(long endLsn) throws IOException {
    for (long lsn = START; lsn < endLsn; lsn += MB) {
      var name = segmentAt(lsn);
      boolean finished = name.endLsn() <= endLsn;
      Path file = directory.resolve(finished ? name.fileName() : name.partialFileName());
      assertThat(Files.readAllBytes(file)).isEqualTo(wal.segment(name, endLsn));
    }
  }
}
