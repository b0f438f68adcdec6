package org.walstream.redo.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.page.VisibilityMapPage.ALL;
import static org.walstream.redo.page.VisibilityMapPage.ALL_FROZEN;
import static org.walstream.redo.page.VisibilityMapPage.ALL_VISIBLE;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VisibilityMapPageTest {

  private final Frame frame = new Frame();

  @BeforeEach
  void emptyPage() {
    PageHeader.init(frame.pool, Frame.PAGE, 0);
  }

  @Test
  void bitsStandWherePostgresqlHasThem() {
    assertThat(set(0, ALL_VISIBLE)).isTrue();
    assertThat(set(3, ALL)).isTrue();
    assertThat(set(32671, ALL_VISIBLE)).isTrue();
    byte[] page = frame.bytes();
    assertThat(page[24]).isEqualTo((byte) 0b1100_0001);
    assertThat(page[8191]).isEqualTo((byte) 0b0100_0000);
    assertThat(status(32671)).isEqualTo(ALL_VISIBLE);
    assertThat(status(1)).isZero();
  }

  @Test
  void blocksFollowEachOtherUpToTheLastOfARelation() {
    assertThat(VisibilityMapPage.blockOf(32671)).isZero();
    assertThat(VisibilityMapPage.blockOf(32672)).isEqualTo(1);
    assertThat(VisibilityMapPage.blockOf(0xFFFF_FFFE)).isEqualTo(131457);
    set(0xFFFF_FFFE, ALL);
    assertThat(status((int) (0xFFFF_FFFEL % 32672))).isEqualTo(ALL);
  }

  @Test
  void settingAddsUnlessTheBitsAreJustThese() {
    assertThat(set(5, ALL)).isTrue();
    assertThat(set(5, ALL)).isFalse();
    assertThat(set(5, ALL_VISIBLE)).isTrue(); // though it changes nothing
    assertThat(status(5)).isEqualTo(ALL);
  }

  @Test
  void clearingSaysWhetherThereWasAny() {
    set(5, ALL);
    set(6, ALL);
    assertThat(clear(5, ALL_FROZEN)).isTrue();
    assertThat(clear(5, ALL_FROZEN)).isFalse();
    assertThat(clear(5, ALL)).isTrue();
    assertThat(clear(5, ALL)).isFalse();
    assertThat(status(6)).isEqualTo(ALL);
  }

  @Test
  void truncationClearsAllFromABlockOn() {
    for (int end : new int[] {1, 2, 3, 4, 1000, 32671}) {
      for (int block = 0; block < VisibilityMapPage.HEAP_BLOCKS; block++) {
        set(block, ALL);
      }
      VisibilityMapPage.truncate(frame.pool, Frame.PAGE, end);
      for (int block = 0; block < VisibilityMapPage.HEAP_BLOCKS; block++) {
        assertThat(status(block)).isEqualTo(block < end ? ALL : 0);
      }
      assertThat(frame.neighboursAreUntouched()).isTrue();
    }
    assertThat(VisibilityMapPage.endsWithinPage(32672)).isFalse();
    assertThat(VisibilityMapPage.endsWithinPage(32673)).isTrue();
  }

  private int status(int block) {
    return VisibilityMapPage.status(frame.pool, Frame.PAGE, block);
  }

  private boolean set(int block, int flags) {
    return VisibilityMapPage.set(frame.pool, Frame.PAGE, block, flags);
  }

  private boolean clear(int block, int flags) {
    return VisibilityMapPage.clear(frame.pool, Frame.PAGE, block, flags);
  }
}
