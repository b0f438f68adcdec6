package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.rmgr.IndexFrame.PAGE;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageBytes;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.UnknownRecord;
import org.walstream.wal.rmgr.WalRecord;

/// Records and pages that no server wrote, of B-trees and hash indexes: they are done or said to be
/// wrong, and nothing is written outside of the page.
class IndexRedoFuzzTest {

  private static final int BLOCKS = 7;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  private final IndexFrame frame = new IndexFrame();
  private int done;
  private int wrong;

  @Test
  void btrees() {
    for (WalFormat format : WalFormat.values()) {
      run(format, Rmgr.BTREE, new BtreeRedo(RedoProfile.newest(format)));
    }
  }

  @Test
  void hashIndexes() {
    for (WalFormat format : WalFormat.values()) {
      run(format, Rmgr.HASH, new HashRedo(RedoProfile.newest(format)));
    }
  }

  private void run(WalFormat format, Rmgr rmgr, PageRedo redo) {
    for (int round = 0; round < 20_000; round++) {
      makePage();
      WalRecord record = Rmgr.interpret(makeRecord(format, rmgr).decoded());
      int blockId = random.nextInt(BLOCKS);
      if (record instanceof UnknownRecord || !record.record().hasBlock(blockId)) {
        continue;
      }
      try {
        redo.redo(record, blockId, frame.pool, PAGE);
        redo.afterImage(record, blockId, frame.pool, PAGE);
        done++;
      } catch (CorruptPageException | IndexOutOfBoundsException expected) {
        assertThat(expected.getMessage()).isNotEmpty();
        wrong++;
      }
      assertThat(frame.neighboursAreUntouched()).as("seed %d", seed).isTrue();
    }
    assertThat(done).isGreaterThan(1000);
    assertThat(wrong).isGreaterThan(1000);
  }

  private void makePage() {
    frame.empty(random.nextInt(256));
    for (int items = random.nextInt(8); items > 0; items--) {
      frame.add(tuple());
    }
    frame.special(random.nextInt(3), random.nextInt(3), 0, random.nextInt(512), 1);
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      int at = random.nextBoolean() ? 10 + random.nextInt(60) : random.nextInt((int) PAGE);
      PageBytes.putU8(frame.pool, PAGE + at, random.nextInt(256));
    }
  }

  private CraftedRecord makeRecord(WalFormat format, Rmgr rmgr) {
    var record = CraftedRecord.of(format, rmgr.id(), random.nextInt(16) << 4);
    for (int id = 0; id < BLOCKS; id++) {
      if (random.nextInt(4) > 0) {
        record.block(id, 0, random.nextInt(100), data());
      }
    }
    for (int values = random.nextInt(24); values > 0; values--) {
      record.u16(number());
    }
    return record;
  }

  /// Numbers, or tuples, or both.
  private byte[] data() {
    byte[] data = {};
    for (int parts = random.nextInt(4); parts > 0; parts--) {
      byte[] next = random.nextBoolean() ? IndexFrame.shorts(number(), number()) : tuple();
      data = IndexFrame.join(data, next);
    }
    if (data.length > 0 && random.nextInt(4) == 0) {
      data[random.nextInt(data.length)] = (byte) random.nextInt(256);
    }
    return data;
  }

  private byte[] tuple() {
    return random.nextBoolean()
        ? IndexFrame.plain(random.nextInt(100), 20)
        : IndexFrame.posting(20, random.ints(2 + random.nextInt(5), 0, 100).toArray());
  }

  private int number() {
    return random.nextInt(10) == 0 ? random.nextInt(0x10000) : random.nextInt(6);
  }
}
