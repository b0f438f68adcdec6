package org.walstream.redo.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.page.FreeSpaceMapPage.SLOTS;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FreeSpaceMapTest {

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  private final Frame frame = new Frame();

  @BeforeEach
  void emptyPage() {
    PageHeader.init(frame.pool, Frame.PAGE, 0);
  }

  @Test
  void categoriesAreSteps() {
    assertThat(FreeSpaceMap.categoryOf(0)).isZero();
    assertThat(FreeSpaceMap.categoryOf(31)).isZero();
    assertThat(FreeSpaceMap.categoryOf(32)).isEqualTo(1);
    assertThat(FreeSpaceMap.categoryOf(8159)).isEqualTo(254);
    assertThat(FreeSpaceMap.categoryOf(8160)).isEqualTo(255);
    assertThat(FreeSpaceMap.categoryOf(8168)).isEqualTo(255);
  }

  @Test
  void pagesFollowEachOtherDepthFirst() {
    int block = 0;
    assertThat(FreeSpaceMap.blockOf(2, 0)).isEqualTo(block);
    for (int middle = 0; middle < 3; middle++) {
      block++;
      assertThat(FreeSpaceMap.blockOf(1, middle)).isEqualTo(block);
      for (int slot = 0; slot < SLOTS; slot++) {
        block++;
        int leaf = middle * SLOTS + slot;
        assertThat(FreeSpaceMap.blockOf(0, leaf)).isEqualTo(block);
        assertThat(FreeSpaceMap.parentOf(leaf)).isEqualTo(middle);
        assertThat(FreeSpaceMap.slotOf(leaf)).isEqualTo(slot);
      }
    }
    int last = FreeSpaceMap.parentOf(0xFFFF_FFFE);
    assertThat(last).isEqualTo(1055533);
    assertThat(FreeSpaceMap.blockOf(0, last)).isEqualTo(1055533 + 259 + 2);
  }

  @Test
  void treeIsRightAfterAnyHistory() {
    int[] leaves = new int[SLOTS];
    for (int step = 0; step < 20_000; step++) {
      int slot = random.nextInt(random.nextBoolean() ? 10 : SLOTS);
      int category = random.nextInt(256);
      boolean changed = leaves[slot] != category;
      leaves[slot] = category;
      assertThat(set(slot, category)).as("seed %d", seed).isEqualTo(changed);
      int highest = FreeSpaceMapPage.highestCategory(frame.pool, Frame.PAGE);
      assertThat(highest)
          .as("seed %d, step %d", seed, step)
          .isEqualTo(Arrays.stream(leaves).max().orElseThrow());
    }
    assertThat(FreeSpaceMapPage.rebuild(frame.pool, Frame.PAGE)).isFalse();
    assertThat(frame.neighboursAreUntouched()).isTrue();
  }

  @Test
  void whatIsWrongBesideThePathStaysSo() {
    set(0, 100);
    PageBytes.putU8(frame.pool, Frame.PAGE + 28 + 2, 200); // right of the root: nobody looks
    assertThat(set(0, 120)).isTrue();
    assertThat(FreeSpaceMapPage.highestCategory(frame.pool, Frame.PAGE)).isEqualTo(200);
  }

  @Test
  void rootThatKnowsLessThanASlotHasTheTreeMadeAnew() {
    set(0, 100);
    set(4068, 50);
    PageBytes.putU8(frame.pool, Frame.PAGE + 28, 30);
    PageBytes.putU8(frame.pool, Frame.PAGE + 28 + 2, 7);
    assertThat(set(0, 100)).as("equal, but more than the root").isTrue();
    assertThat(FreeSpaceMapPage.highestCategory(frame.pool, Frame.PAGE)).isEqualTo(100);
    assertThat(FreeSpaceMapPage.rebuild(frame.pool, Frame.PAGE)).isFalse();
  }

  @Test
  void truncationEmptiesAllFromASlotOn() {
    set(0, 20);
    set(1000, 30);
    set(4068, 90);
    assertThat(FreeSpaceMapPage.truncate(frame.pool, Frame.PAGE, 1001)).isTrue();
    assertThat(FreeSpaceMapPage.truncate(frame.pool, Frame.PAGE, 1001)).isFalse();
    assertThat(FreeSpaceMapPage.highestCategory(frame.pool, Frame.PAGE)).isEqualTo(30);
    assertThat(FreeSpaceMapPage.truncate(frame.pool, Frame.PAGE, 0)).isTrue();
    byte[] page = frame.bytes();
    assertThat(Arrays.copyOfRange(page, 24, 8192)).containsOnly(0);
  }

  private boolean set(int slot, int category) {
    return FreeSpaceMapPage.set(frame.pool, Frame.PAGE, slot, category);
  }
}
