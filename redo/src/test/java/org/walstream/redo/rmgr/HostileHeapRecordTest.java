package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoException;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.Frame;
import org.walstream.redo.page.PageBytes;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;

/// Records that no server wrote, on pages that no server made: no byte of them reaches another
/// page, and nothing is thrown but what is declared.
class HostileHeapRecordTest {

  private static final int ROUNDS = Integer.getInteger("walstream.test.rounds", 150_000);
  private static final Rmgr[] RMGRS = {Rmgr.HEAP, Rmgr.HEAP2, Rmgr.GENERIC, Rmgr.XLOG};

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  private int redone;

  @Test
  void noRecordLeavesItsPage() {
    for (WalFormat format : WalFormat.values()) {
      var table = OnePage.ofTable(RedoProfile.newest(format), 6);
      byte[] whole = table.frame.bytes();
      for (int round = 0; round < ROUNDS / WalFormat.values().length; round++) {
        table.frame.put(whole);
        damage(table);
        redoAll(table, record(format));
        if (round % 64 == 0) {
          assertThat(table.frame.neighboursAreUntouched()).as("seed %d", seed).isTrue();
        }
      }
      assertThat(table.frame.neighboursAreUntouched()).as("seed %d", seed).isTrue();
    }
    assertThat(redone).as("records that could be redone").isGreaterThan(ROUNDS / 100);
  }

  private void redoAll(OnePage table, DecodedXLogRecord record) {
    for (int id = 0; id <= record.maxBlockId(); id++) {
      try {
        table.redo(record, id);
        redone++;
      } catch (RedoException expected) {
        assertThat(expected.getMessage()).isNotEmpty();
      }
    }
  }

  /// Header and line pointers are damaged rather than columns, and not on every page.
  private void damage(OnePage table) {
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(10) == 0 ? random.nextInt(8192) : 10 + random.nextInt(46);
      PageBytes.putU8(table.frame.pool, Frame.PAGE + at, random.nextInt(256));
    }
  }

  private DecodedXLogRecord record(WalFormat format) {
    Rmgr rmgr = RMGRS[random.nextInt(RMGRS.length)];
    var record = CraftedRecord.of(format, rmgr.id(), random.nextInt(16) << 4);
    for (int id = 0; id < 4; id++) {
      if (id == 0 || random.nextBoolean()) {
        int init = random.nextInt(4) == 0 ? BlockReference.BKPBLOCK_WILL_INIT : 0;
        record.block(id, init, random.nextInt(3), bytes(random.nextInt(60)));
      }
    }
    return record.bytes(bytes(random.nextInt(40))).decoded();
  }

  /// Mostly small numbers, as offset numbers and counts are; now and then anything.
  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int at = 0; at < length; at++) {
      int kind = random.nextInt(8);
      bytes[at] = (byte) (kind < 4 ? 0 : kind < 7 ? random.nextInt(9) : random.nextInt(256));
    }
    return bytes;
  }
}
