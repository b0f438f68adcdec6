package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoException;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.Rmgr;

/// Records with anything in them, on pages with anything on them: each is redone or refused, and
/// nothing is written beside the page.
class HostileIndexRecordsTest {

  private static final int ROUNDS = Integer.getInteger("walstream.test.rounds", 100_000);

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  private final GuardedPage page = new GuardedPage();
  private int redone;
  private int refused;

  @Test
  void noRecordLeavesItsPage() {
    for (int round = 0; round < ROUNDS; round++) {
      Rmgr rmgr = List.of(Rmgr.GIN, Rmgr.GIST, Rmgr.SPGIST, Rmgr.BRIN).get(random.nextInt(4));
      if (round % 8 == 0) {
        anyPage(rmgr);
      }
      damage();
      redo(rmgr);
      if (round % 64 == 0) {
        assertThat(page.neighboursAreUntouched()).as("seed %d, round %d", seed, round).isTrue();
      }
    }
    assertThat(page.neighboursAreUntouched()).as("seed %d", seed).isTrue();
    assertThat(redone).as("redone, with seed %d", seed).isGreaterThan(ROUNDS / 50);
    assertThat(refused).as("refused, with seed %d", seed).isGreaterThan(ROUNDS / 50);
  }

  private void redo(Rmgr rmgr) {
    CraftedRecord record = GuardedPage.record(rmgr, random.nextInt(16) << 4);
    for (int id = 0; id < 4; id++) {
      record.block(id, 0, random.nextInt(3), bytes(60));
    }
    record.bytes(bytes(random.nextInt(4) == 0 ? 200 : 60));
    try {
      page.redo(record, random.nextInt(4));
      redone++;
    } catch (RedoException expected) {
      refused++;
    } catch (RuntimeException e) {
      throw new AssertionError("seed %d, %s".formatted(seed, rmgr), e);
    }
  }

  /// Of the resource manager, mostly.
  private void anyPage(Rmgr rmgr) {
    long at = GuardedPage.PAGE;
    switch (rmgr) {
      case GIN -> GinPage.init(page.pool, at, random.nextInt(256));
      case GIST -> GistPage.init(page.pool, at, random.nextInt(32), 7);
      case SPGIST -> SpgistPage.initLeaf(page.pool, at, random.nextBoolean());
      default -> BrinPage.init(page.pool, at, BrinPage.META + random.nextInt(3));
    }
    for (int item = random.nextInt(30); item > 0; item--) {
      page.add(bytes(random.nextInt(8) == 0 ? 400 : 40));
    }
    if (random.nextBoolean()) {
      PageHeader.putLower(page.pool, at, 32 + random.nextInt(300));
    }
  }

  private void damage() {
    for (int times = random.nextInt(4); times > 0; times--) {
      int at =
          switch (random.nextInt(8)) {
            case 0 -> 12 + random.nextInt(6);
            case 1 -> 8176 + random.nextInt(16);
            case 2, 3 -> random.nextInt(8192);
            default -> 24 + random.nextInt(160);
          };
      if (at < 12 || at >= 20 || random.nextInt(4) == 0) {
        page.put(at, random.nextInt(256));
      }
    }
  }

  /// Small numbers are what counts, offsets and lengths look like, so they come often.
  private byte[] bytes(int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    int zeros = random.nextInt(4);
    for (int i = 0; i < bytes.length; i++) {
      if (random.nextInt(4) >= zeros) {
        bytes[i] = (byte) (random.nextInt(4) > 0 ? random.nextInt(18) : random.nextInt());
      }
    }
    return bytes;
  }
}
