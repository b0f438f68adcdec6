package org.walstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.SYSTEM_IDENTIFIER;
import static org.walstream.store.SampleWal.TIMELINE;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.store.backfill.OlderWal;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;

/// A directory that begins later than what its readers ask for.
@Timeout(600)
class BackFillTest {

  private static final int MB = 1 << 20;

  /// Where the directory's own WAL begins.
  private static final long OWN = START + 3 * MB;

  private static final long END = START + 5 * MB;

  @TempDir Path directory;

  private final SampleWal wal = SampleWal.ofBytes(7, 6 * MB);
  private final Upstream upstream = new Upstream();

  @Test
  void olderSegmentsAreFetchedAsTheyAreReadAndOnlyOnce() throws Exception {
    try (WalStore store = open()) {
      assertThatRead(store, START + 100, END);
      assertThatRead(store, START, END);
    }
    assertThat(upstream.asked)
        .containsExactlyInAnyOrder(segment(START), segment(START + MB), segment(START + 2 * MB));
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT, upstream)) {
      assertThatRead(store, START, END);
    }
    assertThat(upstream.asked).as("kept from life to life").hasSize(3);
  }

  @Test
  void nothingIsMadeBeforeSomethingIsFetched() throws Exception {
    try (WalStore store = open()) {
      assertThatRead(store, OWN, END);
      assertThat(directory.resolve(".older")).doesNotExist();
    }
  }

  @Test
  void oneFetchServesAllWhoAsk() throws Exception {
    try (WalStore store = open()) {
      upstream.gate = new CountDownLatch(1);
      var failures = Collections.synchronizedList(new ArrayList<Throwable>());
      var readers = new ArrayList<Thread>();
      for (int i = 0; i < 8; i++) {
        readers.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    assertThatRead(store, START, END);
                  } catch (Throwable e) {
                    failures.add(e);
                  }
                }));
      }
      while (upstream.asked.isEmpty()) {
        LockSupport.parkNanos(100_000);
      }
      upstream.gate.countDown();
      for (Thread reader : readers) {
        reader.join();
      }
      assertThat(failures).isEmpty();
    }
    assertThat(upstream.asked).doesNotHaveDuplicates().hasSize(3);
  }

  @Test
  void whoWaitsForAFetchMayBeCalledAway() throws Exception {
    try (WalStore store = open()) {
      upstream.gate = new CountDownLatch(1);
      var calledAway = new AtomicBoolean();
      Thread reader = Thread.currentThread();
      try (WalCursor cursor = store.cursor(TIMELINE, START)) {
        Thread.ofVirtual()
            .start(() -> {
              while (upstream.asked.isEmpty()) {
                LockSupport.parkNanos(100_000);
              }
              calledAway.set(true);
              LockSupport.unpark(reader);
            });
        assertThat(cursor.await(START, calledAway::get)).isFalse();
        upstream.gate.countDown();
        assertThat(cursor.await(START, () -> false)).isTrue();
        assertThat(cursor.await(END, () -> false)).as("absent, and never to be fetched").isTrue();
      }
    }
  }

  @Test
  void whatTheUpstreamAnsweredIsTheReason() throws Exception {
    try (WalStore store = open();
        WalCursor cursor = store.cursor(TIMELINE, START - MB)) {
      assertThatThrownBy(() -> cursor.readFully(START - MB, ByteBuffer.allocate(10)))
          .isInstanceOf(OlderWalException.class)
          .hasCauseInstanceOf(FileNotFoundException.class)
          .hasMessage("could not fetch WAL segment 000000010000000000000002: gone upstream");
    }
  }

  @Test
  void whatIsNotGoodIsNotKept() throws Exception {
    upstream.flipAt = START + MB + 300_000;
    try (WalStore store = open();
        WalCursor cursor = store.cursor(TIMELINE, START + MB)) {
      assertThatThrownBy(() -> cursor.readFully(START + MB, ByteBuffer.allocate(10)))
          .isInstanceOf(OlderWalException.class)
          .hasMessageContaining("WAL segment 000000010000000000000004 is not good at 0/4");
      assertThat(fetched()).doesNotContain("000000010000000000000004");
      upstream.flipAt = 0;
      assertThatRead(store, START, END);
    }
  }

  @Test
  void theSeamToWhatIsHereIsProven() throws Exception {
    SampleWal other = SampleWal.ofBytes(8, 6 * MB);
    try (WalStore store = open();
        WalCursor cursor = store.cursor(TIMELINE, OWN - MB)) {
      upstream.has = other;
      assertThatThrownBy(() -> cursor.readFully(OWN - MB, ByteBuffer.allocate(10)))
          .as("another server's WAL, good in itself")
          .isInstanceOf(OlderWalException.class)
          .hasMessageContaining("000000010000000000000005 is not good");
    }
  }

  @Test
  void aSegmentCutShortIsNotKept() throws Exception {
    upstream.bytes = MB / 2;
    try (WalStore store = open();
        WalCursor cursor = store.cursor(TIMELINE, START)) {
      assertThatThrownBy(() -> cursor.readFully(START, ByteBuffer.allocate(10)))
          .hasMessageContaining("WAL segment 000000010000000000000003 ended at 0/380000");
      assertThat(fetched()).isEmpty();
    }
  }

  @Test
  void closingTheStoreEndsWhatIsUnderWay() throws Exception {
    WalStore store = open();
    upstream.gate = new CountDownLatch(1);
    try (WalCursor cursor = store.cursor(TIMELINE, START)) {
      Thread closer =
          Thread.ofVirtual()
              .start(() -> {
                while (upstream.asked.isEmpty()) {
                  LockSupport.parkNanos(100_000);
                }
                try {
                  store.close();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      assertThatThrownBy(() -> cursor.await(START, () -> false))
          .isInstanceOf(OlderWalException.class)
          .hasMessageEndingWith("stopped");
      closer.join(); // it still writes
    }
  }

  @Test
  void nobodyWritesInADirectoryThatHasBeenClosed() throws Exception {
    WalStore store = open();
    upstream.gate = new CountDownLatch(1);
    upstream.endTakes = Duration.ofMillis(200);
    var reader =
        new FutureTask<>(() -> {
          assertThatRead(store, START, END);
          return true;
        });
    Thread.ofVirtual().start(reader);
    while (upstream.asked.isEmpty()) {
      LockSupport.parkNanos(100_000);
    }
    store.close();
    assertThat(upstream.underWay).as("fetches under way").hasValue(0);
    assertThat(fetched()).isEmpty();
    assertThatThrownBy(reader::get).hasCauseInstanceOf(OlderWalException.class);
    assertThatThrownBy(() -> store.storeHistory(new TimelineId(2), new byte[1]))
        .isInstanceOf(WalLogClosedException.class)
        .hasMessageEndingWith("has been closed");
  }

  @Test
  void historiesOfAncestorsAreFetchedAndKept() throws Exception {
    try (WalStore store = open()) {
      assertThat(store.historyFileOrFetched(new TimelineId(2)))
          .as("not one of ours: nobody is asked")
          .isEmpty();
    }
  }

  private List<String> fetched() throws IOException {
    try (var files = Files.list(directory.resolve(".older"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private WalStore open() throws IOException {
    WalStore store = WalStore.open(directory, StoreOptions.DEFAULT, upstream);
    WalLog log = store.openLog(SYSTEM_IDENTIFIER, SEGMENT_SIZE, TIMELINE, OWN);
    for (long lsn = OWN; lsn < END; lsn += MB / 4) {
      log.append(lsn, wal.at(lsn, MB / 4));
    }
    log.requestFlush();
    assertThat(log.awaitFlushed(END - 1, Long.MAX_VALUE)).isTrue();
    return store;
  }

  private void assertThatRead(WalStore store, long from, long to) throws IOException {
    try (WalCursor cursor = store.cursor(TIMELINE, from)) {
      var read = ByteBuffer.allocate((int) (to - from));
      cursor.readFully(from, read);
      assertThat(read.flip()).isEqualTo(wal.at(from, (int) (to - from)));
    }
  }

  private static WalSegmentName segment(long lsn) {
    return WalSegmentName.containing(TIMELINE, lsn, SEGMENT_SIZE);
  }

  private final class Upstream implements OlderWal {

    private final List<WalSegmentName> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean isStopped;
    private volatile SampleWal has = wal;
    private volatile long flipAt;
    private volatile int bytes = MB;

    /// From being stopped on.
    private volatile Duration endTakes = Duration.ZERO;

    private final AtomicInteger underWay = new AtomicInteger();

    @Override
    public void fetch(long systemIdentifier, WalSegmentName segment, Sink sink) throws IOException {
      underWay.incrementAndGet();
      asked.add(segment);
      try {
        gate.await();
        if (isStopped) {
          Thread.sleep(endTakes);
          throw new IOException("stopped");
        }
        send(segment, sink);
      } catch (InterruptedException e) {
        throw new IOException(e);
      } finally {
        underWay.decrementAndGet();
      }
    }

    private void send(WalSegmentName segment, Sink sink) throws IOException {
      if (segment.startLsn() < START) {
        throw new FileNotFoundException("gone upstream");
      }
      for (long lsn = segment.startLsn(); lsn < segment.startLsn() + bytes; lsn += MB / 8) {
        ByteBuffer chunk = ByteBuffer.allocate(MB / 8).put(has.at(lsn, MB / 8)).flip();
        if (flipAt >= lsn && flipAt < lsn + MB / 8) {
          int at = (int) (flipAt - lsn);
          chunk.put(at, (byte) (chunk.get(at) ^ 1));
        }
        sink.append(lsn, chunk);
      }
    }

    @Override
    public byte[] history(long systemIdentifier, TimelineId timeline) throws IOException {
      throw new IOException("there is none");
    }

    @Override
    public void stop() {
      isStopped = true;
      gate.countDown();
    }
  }
}
