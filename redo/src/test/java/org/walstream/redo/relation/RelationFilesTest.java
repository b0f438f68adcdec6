package org.walstream.redo.relation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.redo.storage.DataFiles.BLOCK_BYTES;
import static org.walstream.wal.record.ForkNumber.FSM;
import static org.walstream.wal.record.ForkNumber.INIT;
import static org.walstream.wal.record.ForkNumber.MAIN;
import static org.walstream.wal.record.ForkNumber.VISIBILITY_MAP;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.redo.storage.DataFiles;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// With segments of four blocks.
class RelationFilesTest {

  private static final int SEGMENT_BLOCKS = 4;
  private static final RelFileLocator TABLE = new RelFileLocator(1663, 5, 16_384);

  @TempDir Path data;

  private final RecordedFiles recorded = RecordedFiles.recording();
  private final DataFiles files = new DataFiles(recorded, 3);
  private RelationFiles relations;

  @BeforeEach
  void makeDirectory() throws IOException {
    relations = relations(files);
    Files.createDirectories(data.resolve("base/5"));
  }

  @Test
  void createsTheForkOnceAndTheDirectoriesAboveIt() throws IOException {
    var elsewhere = new RelFileLocator(16_400, 7, 16_401);
    relations.create(elsewhere, INIT);
    relations.write(relations.fork(elsewhere, INIT), 0, blocks(1));
    relations.create(elsewhere, INIT);
    assertThat(relations.blocks(elsewhere, INIT)).isEqualTo(1);
    assertThat(data.resolve("pg_tblspc/16400/PG_18_202506291/7/16401_init")).exists();
    recorded.clearOperations();
    files.sync();
    assertThat(recorded.operations())
        .containsExactly(
            "force 16401_init",
            "force directory " + data.getFileName(),
            "force directory pg_tblspc",
            "force directory 16400",
            "force directory PG_18_202506291",
            "force directory 7");
  }

  @Test
  void whatIsDroppedBeforeItIsWrittenNeverWasOnDisk() throws IOException {
    relations.create(TABLE, MAIN);
    relations.create(TABLE, INIT);
    assertThat(relations.exists(TABLE, MAIN)).isTrue();
    assertThat(relations.blocks(TABLE, MAIN)).isZero();
    assertThat(read(0, 1)).isEmpty();
    relations.truncate(TABLE, MAIN, 0);
    relations.unlink(TABLE);
    assertThat(relations.exists(TABLE, INIT)).isFalse();
    relations.settle();
    assertThat(recorded.operations()).isEmpty();
  }

  @Test
  void whatIsNotDroppedIsOnDiskOnceItIsAskedFor() throws IOException {
    relations.create(TABLE, MAIN);
    relations.settle();
    assertThat(data.resolve("base/5/16384")).isEmptyFile();
    relations.settle();
    relations.unlink(TABLE);
    assertThat(recorded.list(data.resolve("base/5"))).isEmpty();
  }

  @Test
  void writesAndReadsAcrossSegments() throws IOException {
    relations.create(TABLE, MAIN);
    relations.write(relations.fork(TABLE, MAIN), 0, blocks(1, 2, 3, 4, 5, 6, 7, 8, 9));
    assertThat(sizes()).containsExactly(4L, 4L, 1L);
    assertThat(relations.blocks(TABLE, MAIN)).isEqualTo(9);
    assertThat(read(3, 3)).containsExactly(4, 5, 6);
    assertThat(read(7, 5)).as("as far as there are blocks").containsExactly(8, 9);
    assertThat(read(9, 1)).isEmpty();
    assertThat(read(4_000_000_000L, 1)).isEmpty();
  }

  @Test
  void aShortReadLeavesTheBufferBehindTheLastWholeBlock() throws IOException {
    relations.create(TABLE, MAIN);
    relations.write(relations.fork(TABLE, MAIN), 0, blocks(1));
    Files.write(data.resolve("base/5/16384"), new byte[2 * BLOCK_BYTES - 1]);
    assertThat(relations.blocks(TABLE, MAIN)).isEqualTo(1);
    ByteBuffer into = ByteBuffer.allocate(3 * BLOCK_BYTES);
    assertThat(relations.read(relations.fork(TABLE, MAIN), 0, into)).isEqualTo(1);
    assertThat(into.position()).isEqualTo(BLOCK_BYTES);
    assertThat(into.limit()).isEqualTo(3 * BLOCK_BYTES);
  }

  @Test
  void aWriteFarAheadFillsTheSegmentsBeforeItWithZeros() throws IOException {
    relations.create(TABLE, MAIN);
    relations.write(relations.fork(TABLE, MAIN), 1, blocks(7));
    relations.write(relations.fork(TABLE, MAIN), 14, blocks(9));
    assertThat(sizes()).containsExactly(4L, 4L, 4L, 3L);
    assertThat(read(0, 15)).containsExactly(0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9);
  }

  @Test
  void extendsByZerosOnly() throws IOException {
    relations.create(TABLE, MAIN);
    relations.extend(TABLE, MAIN, 3);
    assertThat(sizes()).containsExactly(3L);
    relations.write(relations.fork(TABLE, MAIN), 2, blocks(5));
    relations.extend(TABLE, MAIN, 8);
    assertThat(sizes()).as("the next segment begins with its first block").containsExactly(4L, 4L);
    relations.extend(TABLE, MAIN, 2);
    assertThat(read(0, 9)).containsExactly(0, 0, 5, 0, 0, 0, 0, 0);
  }

  @Test
  void extendsByManyBlocksWithoutTouchingWhatIsThere() throws IOException {
    var large = new RelationFiles(files, paths(), RelationFiles.SEGMENT_BLOCKS);
    large.create(TABLE, MAIN);
    large.write(large.fork(TABLE, MAIN), 0, blocks(1));
    large.extend(TABLE, MAIN, 100);
    assertThat(large.blocks(TABLE, MAIN)).isEqualTo(100);
    assertThat(recorded.operations()).contains("reserve 16384");
    ByteBuffer into = ByteBuffer.allocate(100 * BLOCK_BYTES);
    assertThat(large.read(large.fork(TABLE, MAIN), 0, into)).isEqualTo(100);
    assertThat(into.get(0)).isEqualTo((byte) 1);
  }

  @Test
  void truncationKeepsSegmentsBeyondTheEndEmpty() throws IOException {
    relations.create(TABLE, MAIN);
    relations.write(relations.fork(TABLE, MAIN), 0, blocks(1, 2, 3, 4, 5, 6, 7, 8, 9));
    relations.truncate(TABLE, MAIN, 20);
    assertThat(sizes()).as("more than there are").containsExactly(4L, 4L, 1L);
    relations.truncate(TABLE, MAIN, 4);
    assertThat(sizes()).containsExactly(4L, 0L, 0L);
    relations.truncate(TABLE, MAIN, 3);
    relations.truncate(TABLE, MAIN, 3);
    assertThat(sizes()).containsExactly(3L, 0L, 0L);
    assertThat(relations.blocks(TABLE, MAIN)).isEqualTo(3);

    relations.write(relations.fork(TABLE, MAIN), 8, blocks(1));
    assertThat(sizes()).as("and they are used again").containsExactly(4L, 4L, 1L);
    assertThat(read(2, 7)).containsExactly(3, 0, 0, 0, 0, 0, 1);
  }

  @Test
  void truncationGoesFromTheLastSegmentToTheFirst() throws IOException {
    relations.create(TABLE, MAIN);
    relations.write(relations.fork(TABLE, MAIN), 0, blocks(1, 2, 3, 4, 5, 6, 7, 8, 9));
    recorded.clearOperations();
    relations.truncate(TABLE, MAIN, 1);
    assertThat(recorded.operations().stream().filter(told -> told.startsWith("truncate")))
        .containsExactly("truncate 16384.2", "truncate 16384.1", "truncate 16384");
    recorded.clearOperations();
    files.sync();
    assertThat(recorded.operations().stream().filter(told -> told.startsWith("force")))
        .containsExactly("force 16384", "force 16384.1", "force 16384.2", "force directory 5");
  }

  @Test
  void wheneverATruncationOrUnlinkIsCutShortItCanBeDoneAgain() throws IOException {
    for (int failing = 1; failing < 30; failing++) {
      var whole = relations(new DataFiles(RecordedFiles.recording(), 3));
      whole.create(TABLE, MAIN);
      whole.write(whole.fork(TABLE, MAIN), 0, blocks(1, 2, 3, 4, 5, 6, 7, 8, 9));
      var cut = relations(new DataFiles(RecordedFiles.failingFrom(failing), 3));
      try {
        cut.truncate(TABLE, MAIN, 2);
        cut.unlink(TABLE);
      } catch (IOException expected) {
        assertThat(expected).hasMessageContaining("no power");
      }
      var again = relations(new DataFiles(RecordedFiles.recording(), 3));
      assertThat(again.blocks(TABLE, MAIN)).isIn(9L, 8L, 4L, 2L, 0L);
      again.truncate(TABLE, MAIN, 2);
      again.unlink(TABLE);
      assertThat(recorded.list(data.resolve("base/5"))).isEmpty();
    }
  }

  @Test
  void unlinkRemovesEveryForkAndSegment() throws IOException {
    for (ForkNumber fork : ForkNumber.values()) {
      relations.create(TABLE, fork);
      relations.write(relations.fork(TABLE, fork), 5, blocks(1));
    }
    relations.truncate(TABLE, FSM, 1);
    var other = new RelFileLocator(1663, 5, 163_840);
    relations.create(other, MAIN);
    relations.settle();
    relations.unlink(TABLE);
    relations.unlink(TABLE);
    assertThat(recorded.list(data.resolve("base/5"))).containsExactly("163840");
    assertThat(relations.exists(TABLE, VISIBILITY_MAP)).isFalse();
    assertThat(relations.blocks(TABLE, MAIN)).isZero();
    recorded.clearOperations();
    files.sync();
    assertThat(recorded.operations()).containsExactly("force 163840", "force directory 5");
  }

  @Test
  void aForkThatHasGoneDoesNotComeBackByAWrite() throws IOException {
    relations.create(TABLE, MAIN);
    relations.unlink(TABLE);
    assertThatThrownBy(() -> relations.write(relations.fork(TABLE, MAIN), 0, blocks(1)))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> relations.write(relations.fork(TABLE, MAIN), 9, blocks(1)))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> relations.extend(TABLE, MAIN, 1))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(recorded.list(data.resolve("base/5"))).isEmpty();
  }

  @Test
  void aSegmentThatIsTooBigIsNotGuessedAt() throws IOException {
    Files.write(data.resolve("base/5/16384"), new byte[5 * BLOCK_BYTES]);
    assertThatThrownBy(() -> relations.blocks(TABLE, MAIN))
        .hasMessageContaining("too big: 5 blocks of at most 4");
  }

  @Test
  void whatWasSyncedSurvivesALossOfPower() throws IOException {
    relations.create(TABLE, MAIN);
    relations.write(relations.fork(TABLE, MAIN), 0, blocks(1, 2, 3, 4, 5));
    files.sync();
    relations.write(relations.fork(TABLE, MAIN), 0, blocks(9));
    relations.create(TABLE, FSM);
    relations.settle();
    Path after = data.resolve("after");
    recorded.afterPowerLoss(data.resolve("base"), after, null, RecordedFiles.Torn.SECTORS);
    assertThat(after.resolve("5/16384")).hasSize(4 * BLOCK_BYTES);
    assertThat(Files.readAllBytes(after.resolve("5/16384"))[0]).isEqualTo((byte) 1);
    assertThat(after.resolve("5/16384.1")).hasSize(BLOCK_BYTES);
    assertThat(after.resolve("5/16384_fsm")).doesNotExist();
  }

  @Test
  void threadsThatWriteDifferentBlocksLoseNone() throws IOException {
    relations.create(TABLE, MAIN);
    var writers = new ArrayList<CompletableFuture<Void>>();
    for (int writer = 0; writer < 4; writer++) {
      int first = writer;
      writers.add(CompletableFuture.runAsync(() -> writeEveryFourth(first)));
    }
    writers.forEach(CompletableFuture::join);
    for (int block = 0; block < 80; block++) {
      assertThat(read(block, 1)).as("block %d", block).containsExactly(block + 1);
    }
  }

  /// Backwards, so that segments are begun before those in front of them are full.
  private void writeEveryFourth(int first) {
    try {
      for (int block = 76 + first; block >= 0; block -= 4) {
        relations.write(relations.fork(TABLE, MAIN), block, blocks(block + 1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RelationPaths paths() {
    return new RelationPaths(data, WalFormat.PG_18);
  }

  private RelationFiles relations(DataFiles files) {
    return new RelationFiles(files, paths(), SEGMENT_BLOCKS);
  }

  private List<Long> sizes() throws IOException {
    var sizes = new ArrayList<Long>();
    Path fork = data.resolve("base/5/16384");
    while (Files.exists(RelationPaths.segment(fork, sizes.size()))) {
      sizes.add(Files.size(RelationPaths.segment(fork, sizes.size())) / BLOCK_BYTES);
    }
    return sizes;
  }

  /// The first byte of each block there is.
  private List<Integer> read(long block, int count) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(count * BLOCK_BYTES);
    int got = relations.read(relations.fork(TABLE, MAIN), block, into);
    var first = new ArrayList<Integer>();
    for (int i = 0; i < got; i++) {
      first.add((int) into.get(i * BLOCK_BYTES));
    }
    return first;
  }

  private static ByteBuffer blocks(int... fills) {
    ByteBuffer blocks = ByteBuffer.allocate(fills.length * BLOCK_BYTES);
    for (int i = 0; i < fills.length; i++) {
      for (int at = 0; at < BLOCK_BYTES; at++) {
        blocks.put(i * BLOCK_BYTES + at, (byte) fills[i]);
      }
    }
    return blocks;
  }
}
