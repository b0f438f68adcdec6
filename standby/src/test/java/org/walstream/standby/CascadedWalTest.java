package org.walstream.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.store.ServedTimeline;
import org.walstream.store.WalRemovedException;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

class CascadedWalTest {

  private static final int SEGMENT = 1 << 20;
  private static final TimelineId SECOND = new TimelineId(2);
  private static final long SWITCH = 5L * SEGMENT + 1000;

  @TempDir Path pgWal;

  private TimelineHistory history = TimelineHistory.ofFirst(TimelineId.FIRST);
  private CascadedWal wal;

  @BeforeEach
  void open() {
    wal =
        new CascadedWal(
            new SegmentDirectory(FileLayer.system(), pgWal),
            new SegmentIdentity(4711, new WalSegmentSize(SEGMENT)),
            () -> history,
            null);
  }

  private ServedTimeline log() {
    return wal.currentLog().orElseThrow();
  }

  @Test
  void beforeReplayHasBegunThereIsNothing() {
    assertThat(wal.currentLog()).isEmpty();
    assertThat(wal.receivedLsn()).isZero();
    assertThatThrownBy(() -> wal.cursor(TimelineId.FIRST, 4L * SEGMENT))
        .isInstanceOf(WalRemovedException.class);
  }

  @Test
  void outOfTheArchiveWhatIsReplayedIsSent() {
    wal.replayed(4L * SEGMENT + 80);
    assertThat(log().flushedLsn()).isEqualTo(4L * SEGMENT + 80);
    wal.replayed(4L * SEGMENT + 160);
    assertThat(log().flushedLsn()).isEqualTo(4L * SEGMENT + 160);
  }

  @Test
  void ofAStreamWhatIsFlushedIsSentAlsoBeforeItIsReplayed() {
    wal.replayed(4L * SEGMENT);
    wal.streamBegins(4L * SEGMENT);
    wal.received(TimelineId.FIRST, 4L * SEGMENT + 500);
    assertThat(log().flushedLsn()).isEqualTo(4L * SEGMENT + 500);
    assertThat(wal.receivedLsn()).isEqualTo(4L * SEGMENT + 500);
  }

  @Test
  void whatIsReplayedAndNotFlushedIsKeptBack() {
    wal.replayed(4L * SEGMENT);
    wal.streamBegins(4L * SEGMENT);
    wal.replayed(4L * SEGMENT + 300);
    assertThat(log().flushedLsn()).isEqualTo(4L * SEGMENT);
    wal.received(TimelineId.FIRST, 4L * SEGMENT + 200);
    assertThat(log().flushedLsn()).isEqualTo(4L * SEGMENT + 200);
    wal.streamEnded();
    assertThat(log().flushedLsn()).isEqualTo(4L * SEGMENT + 300);
  }

  /// A stream begins with a segment that is here already.
  @Test
  void nothingMovesBack() {
    wal.replayed(4L * SEGMENT + 300);
    wal.streamBegins(4L * SEGMENT + 300);
    wal.received(TimelineId.FIRST, 4L * SEGMENT);
    assertThat(log().flushedLsn()).isEqualTo(4L * SEGMENT + 300);
  }

  @Test
  void anotherTimelineIsSentOnceReplayIsThere() {
    wal.replayed(SWITCH);
    ServedTimeline first = log();
    wal.streamBegins(SWITCH);
    history = history.branch(SECOND, SWITCH, "promoted");
    wal.received(SECOND, SWITCH + 400);
    assertThat(log()).isSameAs(first);
    assertThat(first.flushedLsn()).isEqualTo(SWITCH);
    assertThat(first.hasEnded()).isFalse();

    wal.replayed(SWITCH + 100);

    assertThat(first.hasEnded()).isTrue();
    assertThat(first.nextTimeline()).contains(SECOND);
    assertThat(log().timeline()).isEqualTo(SECOND);
    assertThat(log().flushedLsn()).isEqualTo(SWITCH + 400);
  }

  /// Its segment begins with a copy of the old timeline's, which has to be there as a whole.
  @Test
  void theNextTimelineWaitsUntilItsSegmentIsFlushedUpToTheFork() {
    wal.replayed(SWITCH);
    wal.streamBegins(5L * SEGMENT);
    history = history.branch(SECOND, SWITCH, "promoted");
    wal.received(SECOND, 5L * SEGMENT + 10);
    wal.replayed(SWITCH + 100);
    assertThat(log().timeline()).isEqualTo(TimelineId.FIRST);
    wal.received(SECOND, SWITCH + 50);
    assertThat(log().timeline()).isEqualTo(SECOND);
    assertThat(log().flushedLsn()).isEqualTo(SWITCH + 50);
  }

  @Test
  void whatGoesIsNotReadAnyMoreThoughItsFileIsOpen() throws Exception {
    var segment = new byte[SEGMENT];
    segment[80] = 42;
    Files.write(pgWal.resolve("000000010000000000000004"), segment);
    wal.replayed(6L * SEGMENT);
    try (var cursor = wal.cursor(TimelineId.FIRST, 4L * SEGMENT)) {
      var read = ByteBuffer.allocate(1);
      cursor.readFully(4L * SEGMENT + 80, read);
      assertThat(read.get(0)).isEqualTo((byte) 42);
      wal.removeBefore(5L * SEGMENT);
      assertThatThrownBy(() -> cursor.readFully(4L * SEGMENT + 80, ByteBuffer.allocate(1)))
          .hasMessage("requested WAL segment 000000010000000000000004 has already been removed");
    }
  }

  @Test
  void whoWaitsIsLetGoAtTheEnd() throws Exception {
    wal.replayed(4L * SEGMENT);
    wal.close();
    wal.replayed(4L * SEGMENT + 80);
    assertThat(log().hasEnded()).isTrue();
    assertThat(log().nextTimeline()).isEmpty();
    assertThat(log().awaitFlushed(4L * SEGMENT, Long.MAX_VALUE, () -> false)).isFalse();
  }
}
