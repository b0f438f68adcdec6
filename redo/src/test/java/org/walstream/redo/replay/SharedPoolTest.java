package org.walstream.redo.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.redo.buffer.BufferPool;
import org.walstream.redo.buffer.ReadMode;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageChecksum;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

class SharedPoolTest {

  private static final int BLOCKS = 2000;
  private static final int FRAMES = 1500;
  private static final RelFileLocator RELATION = new RelFileLocator(1663, 5, 16_384);

  @TempDir Path data;

  private final FirstFailure failure = new FirstFailure();
  private DataFiles dataFiles;
  private RelationFiles files;
  private SharedPool shared;

  @BeforeEach
  void pool() {
    dataFiles = new DataFiles(FileLayer.system(), 2);
    files =
        new RelationFiles(
            dataFiles, new RelationPaths(data, WalFormat.PG_18), RelationFiles.SEGMENT_BLOCKS);
    shared = new SharedPool(new BufferPool(files, _ -> {}, true, FRAMES), failure);
  }

  @AfterEach
  void close() throws IOException {
    shared.close();
    dataFiles.close();
  }

  private static void put(BufferPool pool, int block, int value) throws IOException {
    int fork = pool.fork(RELATION.spcOid(), RELATION.dbOid(), RELATION.relNumber(), 0);
    int frame = pool.page(fork, block, ReadMode.REPLACE);
    PageHeader.init(pool.memory(), pool.offset(frame), 0);
    PageBytes.putI32(pool.memory(), pool.offset(frame) + 100, value);
    pool.dirty(frame);
  }

  private MemorySegment onDisk(int block) throws IOException {
    var page = ByteBuffer.allocateDirect(PAGE_BYTES);
    assertThat(files.read(files.fork(RELATION, ForkNumber.MAIN), block, page)).isEqualTo(1);
    return MemorySegment.ofBuffer(page.flip());
  }

  private int valueOnDisk(int block) throws IOException {
    return PageBytes.i32(onDisk(block), 100);
  }

  /// Pages change and leave all the while; what had been changed before is in the files each time.
  @Test
  void whatHasChangedIsInItsFilesThoughMoreChangesMeanwhile() throws Exception {
    var random = RandomGenerator.of("L64X128MixRandom");
    var values = new AtomicIntegerArray(BLOCKS);
    var ends = new AtomicBoolean();
    var turns = new AtomicInteger();
    var lane =
        Thread.ofPlatform()
            .start(() -> {
              for (int value = 1; !ends.get(); value++) {
                int now = value;
                shared.useUnlessFailed(pool -> {
                  for (int i = 0; i < 50; i++) {
                    int block = random.nextInt(BLOCKS);
                    put(pool, block, now);
                    values.set(block, now);
                  }
                  pool.writeBehind();
                });
                turns.incrementAndGet();
              }
            });
    int before = 0;
    for (int round = 0; round < 30; round++) {
      while (turns.get() < before + 40) {
        Thread.onSpinWait();
      }
      before = turns.get();
      int[] changed = new int[BLOCKS];
      for (int block = 0; block < BLOCKS; block++) {
        changed[block] = values.get(block);
      }
      shared.writeBeside();
      for (int block = 0; block < BLOCKS; block++) {
        if (changed[block] > 0) {
          assertThat(valueOnDisk(block))
              .as("block %d", block)
              .isGreaterThanOrEqualTo(changed[block]);
        }
      }
    }
    ends.set(true);
    lane.join();
    failure.requireNone();
    shared.use(BufferPool::write);
    for (int block = 0; block < BLOCKS; block++) {
      if (values.get(block) > 0) {
        assertThat(valueOnDisk(block)).isEqualTo(values.get(block));
        assertThat(new PageChecksum().isRight(onDisk(block), 0, block)).isTrue();
      }
    }
  }

  @Test
  void nothingIsWrittenOnceSomebodyHasFailed() throws IOException {
    shared.use(pool -> put(pool, 1, 1));
    shared.writeBeside();
    shared.useUnlessFailed(pool -> {
      put(pool, 1, 2);
      throw new IOException("in the midst of a change");
    });
    assertThatThrownBy(shared::writeBeside).hasMessage("in the midst of a change");
    shared.useUnlessFailed(BufferPool::write);
    assertThat(valueOnDisk(1)).isEqualTo(1);
  }
}
