package org.walstream.redo.relation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.storage.DataFiles.BLOCK_BYTES;
import static org.walstream.wal.record.ForkNumber.MAIN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.RelFileLocator;

/// Whatever is done to a fork in segments, it reads like one array of blocks, and its segments obey
/// the rule of which may be short.
class RelationFilesPropertyTest {

  private static final int SEGMENT_BLOCKS = 12;
  private static final int BLOCKS_MAX = 60;
  private static final RelFileLocator TABLE = new RelFileLocator(1663, 5, 16_384);

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  /// The first byte of each block.
  private byte[] model = new byte[0];

  @TempDir Path data;

  @Test
  void aForkReadsLikeOneArrayOfBlocks() throws IOException {
    try (var files = new DataFiles(FileLayer.system(), 2)) {
      var relations =
          new RelationFiles(files, new RelationPaths(data, WalFormat.PG_18), SEGMENT_BLOCKS);
      relations.create(TABLE, MAIN);
      for (int step = 0; step < 500; step++) {
        String done = change(relations);
        assertThat(relations.blocks(TABLE, MAIN))
            .as("after %s, seed %d", done, seed)
            .isEqualTo(model.length);
        assertThat(everyBlock(relations)).as("after %s, seed %d", done, seed).isEqualTo(model);
        requireOnlyTheLastActiveSegmentShort(done);
      }
    }
  }

  private String change(RelationFiles relations) throws IOException {
    int kind = random.nextInt(20);
    if (kind == 0) {
      relations.unlink(TABLE);
      relations.create(TABLE, MAIN);
      model = new byte[0];
      return "unlink";
    }
    int block = random.nextInt(BLOCKS_MAX);
    if (kind < 6) {
      relations.truncate(TABLE, MAIN, block);
      model = Arrays.copyOf(model, Math.min(block, model.length));
      return "truncate to " + block;
    }
    if (kind < 10) {
      relations.extend(TABLE, MAIN, block);
      grow(block);
      return "extend to " + block;
    }
    int count = 1 + random.nextInt(20);
    ByteBuffer blocks = ByteBuffer.allocate(count * BLOCK_BYTES);
    grow(block + count);
    for (int i = 0; i < count; i++) {
      byte fill = (byte) random.nextInt();
      Arrays.fill(blocks.array(), i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES, fill);
      model[block + i] = fill;
    }
    relations.write(relations.fork(TABLE, MAIN), block, blocks);
    return "write of %d from %d".formatted(count, block);
  }

  private void grow(int blocks) {
    model = Arrays.copyOf(model, Math.max(blocks, model.length));
  }

  private byte[] everyBlock(RelationFiles relations) throws IOException {
    ByteBuffer into = ByteBuffer.allocate((BLOCKS_MAX + 30) * BLOCK_BYTES);
    int got = relations.read(relations.fork(TABLE, MAIN), 0, into);
    byte[] first = new byte[got];
    for (int i = 0; i < got; i++) {
      first[i] = into.get(i * BLOCK_BYTES);
      assertThat(into.get((i + 1) * BLOCK_BYTES - 1)).isEqualTo(first[i]);
    }
    return first;
  }

  private void requireOnlyTheLastActiveSegmentShort(String done) throws IOException {
    Path fork = data.resolve("base/5/16384");
    boolean ended = false;
    for (int segment = 0; Files.exists(RelationPaths.segment(fork, segment)); segment++) {
      long blocks = Files.size(RelationPaths.segment(fork, segment)) / BLOCK_BYTES;
      assertThat(ended ? blocks : 0).as("inactive after %s, seed %d", done, seed).isZero();
      ended |= blocks < SEGMENT_BLOCKS;
    }
  }
}
