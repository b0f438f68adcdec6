package org.walstream.redo.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageChecksum;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// Whatever comes and goes, a page is what it was made last, in memory or on disk; and on disk it
/// has its checksum, and was not written before the recovery point was behind it.
class BufferPoolPropertyTest {

  private static final int RELATIONS = 3;
  private static final int BLOCKS = 60;
  private static final int FRAMES = 40;

  /// In the model: no such page.
  private static final int MISSING = 0;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  /// What every page holds, by relation and block.
  private final int[][] model = new int[RELATIONS][BLOCKS];

  private final AtomicLong required = new AtomicLong();

  @TempDir Path data;

  @Test
  void pagesAreWhatTheyWereMadeLast() throws IOException {
    try (var dataFiles = new DataFiles(FileLayer.system(), 2)) {
      var files =
          new RelationFiles(
              dataFiles, new RelationPaths(data, WalFormat.PG_18), RelationFiles.SEGMENT_BLOCKS);
      var pool =
          new BufferPool(files, lsn -> required.accumulateAndGet(lsn, Math::max), true, FRAMES);
      for (int step = 1; step <= 5000; step++) {
        pool.replayingUpTo(step);
        int relation = random.nextInt(RELATIONS);
        int block = random.nextInt(BLOCKS);
        change(pool, relation, block, step);
      }
      pool.write();
      assertThat(required.get()).isGreaterThan(4000);
      assertThat(pool.dirtyCount()).isZero();
      holdsOnDisk(files);
      pool.close();
    }
  }

  private void change(BufferPool pool, int relation, int block, int step) throws IOException {
    switch (random.nextInt(100)) {
      case 0 -> {
        pool.drop(locator(relation));
        // The files are the caller's to remove: here they stay as they are, so the model asks them.
        forget(relation, 0);
      }
      case 1 -> {
        pool.truncate(locator(relation), 0, block);
        forget(relation, block);
      }
      case 2, 3 -> pool.write();
      case 4, 5, 6, 7 -> pool.writeBehind();
      default -> {
        boolean replaces = random.nextInt(3) == 0;
        int fork = pool.fork(1663, 5, 16_384 + relation, 0);
        int frame = pool.page(fork, block, replaces ? ReadMode.REPLACE : ReadMode.NORMAL);
        if (replaces) {
          PageHeader.init(pool.memory(), pool.offset(frame), 0);
        } else {
          assertThat(frame == BufferPool.MISSING)
              .as("relation %d block %d, seed %d", relation, block, seed)
              .isEqualTo(model[relation][block] == MISSING);
          if (frame == BufferPool.MISSING) {
            return;
          }
          assertThat(PageBytes.i32(pool.memory(), pool.offset(frame) + 100))
              .as("relation %d block %d, seed %d", relation, block, seed)
              .isEqualTo(model[relation][block]);
        }
        PageBytes.putI32(pool.memory(), pool.offset(frame) + 100, step);
        pool.dirty(frame);
        model[relation][block] = step;
      }
    }
  }

  /// What a pool forgets must be gone from the files, too.
  private void forget(int relation, int firstBlock) throws IOException {
    try (var dataFiles = new DataFiles(FileLayer.system(), 2)) {
      var files =
          new RelationFiles(
              dataFiles, new RelationPaths(data, WalFormat.PG_18), RelationFiles.SEGMENT_BLOCKS);
      if (files.exists(locator(relation), ForkNumber.MAIN)) {
        files.truncate(locator(relation), ForkNumber.MAIN, firstBlock);
      }
    }
    Arrays.fill(model[relation], firstBlock, BLOCKS, MISSING);
  }

  private void holdsOnDisk(RelationFiles files) throws IOException {
    var checksum = new PageChecksum();
    for (int relation = 0; relation < RELATIONS; relation++) {
      for (int block = 0; block < BLOCKS; block++) {
        if (model[relation][block] != MISSING) {
          var page = ByteBuffer.allocateDirect(PAGE_BYTES);
          assertThat(files.read(files.fork(locator(relation), ForkNumber.MAIN), block, page))
              .isEqualTo(1);
          var memory = MemorySegment.ofBuffer(page.flip());
          assertThat(PageBytes.i32(memory, 100)).isEqualTo(model[relation][block]);
          assertThat(checksum.isRight(memory, 0, block)).isTrue();
        }
      }
    }
  }

  private static RelFileLocator locator(int relation) {
    return new RelFileLocator(1663, 5, 16_384 + relation);
  }
}
