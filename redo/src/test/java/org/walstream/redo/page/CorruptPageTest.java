package org.walstream.redo.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Bytes that no server wrote: said in PostgreSQL's words, and never followed out of the page.
class CorruptPageTest {

  private static final MemorySegment ITEM = MemorySegment.ofArray(new byte[8000]);

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  private final Frame frame = new Frame();
  private final MemorySegment pool = frame.pool;
  private final HeapItems heap = new HeapItems();
  private final IndexItems index = new IndexItems();

  @BeforeEach
  void fivePlainItems() {
    PageHeader.init(pool, Frame.PAGE, 16);
    for (int number = 1; number <= 5; number++) {
      assertThat(add(number, 20, 0)).isEqualTo(number);
    }
  }

  @Test
  void pointersThatCross() {
    PageHeader.putLower(pool, Frame.PAGE, 8100);
    var message = "corrupted page pointers: lower = 8100, upper = 8056, special = 8176";
    assertThatThrownBy(() -> add(1, 20, 0)).hasMessage(message);
    assertThatThrownBy(() -> heap.repairFragmentation(pool, Frame.PAGE)).hasMessage(message);
    assertThatThrownBy(() -> HeapItems.truncateLinePointerArray(pool, Frame.PAGE))
        .hasMessage(message);
    assertThatThrownBy(() -> IndexItems.delete(pool, Frame.PAGE, 1)).hasMessage(message);
    assertThatThrownBy(() -> multiDelete(1, 2, 3)).hasMessage(message);
  }

  @Test
  void itemsOutsideOfTheItems() {
    LinePointer.put(pool, Frame.PAGE, 3, LinePointer.of(8168, LinePointer.NORMAL, 20));
    var message = "corrupted line pointer: offset = 8168, size = 20";
    assertThatThrownBy(() -> heap.repairFragmentation(pool, Frame.PAGE)).hasMessage(message);
    assertThatThrownBy(() -> IndexItems.delete(pool, Frame.PAGE, 3)).hasMessage(message);
    assertThatThrownBy(() -> IndexItems.deleteNoCompact(pool, Frame.PAGE, 3)).hasMessage(message);
    assertThatThrownBy(() -> IndexItems.overwrite(pool, Frame.PAGE, 3, ITEM, 0, 8))
        .hasMessage(message);
    byte[] before = frame.bytes();
    assertThatThrownBy(() -> multiDelete(1, 2, 4)).hasMessage(message);
    assertThat(frame.bytes()).isEqualTo(before);
  }

  @Test
  void itemsThatOverlap() {
    for (int number = 1; number <= 5; number++) {
      LinePointer.put(pool, Frame.PAGE, number, LinePointer.of(8056, LinePointer.NORMAL, 120));
    }
    PageHeader.putLower(pool, Frame.PAGE, 8056);
    assertThatThrownBy(() -> heap.repairFragmentation(pool, Frame.PAGE))
        .isInstanceOf(CorruptPageException.class);
  }

  @Test
  void offsetNumbersThatAreNotThere() {
    assertThatThrownBy(() -> IndexItems.delete(pool, Frame.PAGE, 6))
        .hasMessage("invalid index offnum: 6");
    assertThatThrownBy(() -> IndexItems.delete(pool, Frame.PAGE, 0))
        .hasMessage("invalid index offnum: 0");
    assertThatThrownBy(() -> multiDelete(2, 4, 6)).hasMessage("incorrect index offsets supplied");
    assertThatThrownBy(() -> multiDelete(4, 2, 3)).hasMessage("incorrect index offsets supplied");
    assertThatThrownBy(() -> LinePointer.get(pool, Frame.PAGE, 6))
        .isInstanceOf(CorruptPageException.class);
  }

  @Test
  void itemsThatMayNotStandThere() {
    byte[] before = frame.bytes();
    assertThat(add(7, 20, 0)).isEqualTo(PageItems.NONE);
    assertThat(add(3, 20, PageItems.OVERWRITE)).isEqualTo(PageItems.NONE);
    assertThat(add(6, 8010, 0)).isEqualTo(PageItems.NONE);
    assertThat(add(-1, 20, 0)).isEqualTo(PageItems.NONE);
    assertThat(frame.bytes()).isEqualTo(before);
  }

  @Test
  void heapPagesHaveALimitOfLinePointers() {
    PageHeader.init(pool, Frame.PAGE, 0);
    for (int number = 1; number <= PageItems.MAX_HEAP_TUPLES; number++) {
      assertThat(add(number, 8, PageItems.IS_HEAP)).isEqualTo(number);
    }
    assertThat(add(292, 8, PageItems.IS_HEAP)).isEqualTo(PageItems.NONE);
    assertThat(PageItems.freeSpace(pool, Frame.PAGE)).isEqualTo(8192 - 24 - 291 * 12 - 4);
    assertThat(PageItems.heapFreeSpace(pool, Frame.PAGE)).isZero();
    PageHeader.set(pool, Frame.PAGE, PageHeader.HAS_FREE_LINES);
    assertThat(PageItems.heapFreeSpace(pool, Frame.PAGE)).isZero();
    LinePointer.put(pool, Frame.PAGE, 291, 0);
    assertThat(PageItems.heapFreeSpace(pool, Frame.PAGE)).isEqualTo(8192 - 24 - 291 * 12 - 4);
    assertThat(add(PageItems.NONE, 8, PageItems.IS_HEAP)).isEqualTo(291);
    assertThat(PageHeader.has(pool, Frame.PAGE, PageHeader.HAS_FREE_LINES)).isTrue();
    assertThat(add(PageItems.NONE, 8, 0)).isEqualTo(292);
    assertThat(PageHeader.has(pool, Frame.PAGE, PageHeader.HAS_FREE_LINES)).isFalse();
  }

  @Test
  void noBytesMakeAChangeLeaveThePage() {
    for (int round = 0; round < 20_000; round++) {
      fivePlainItems();
      for (int i = random.nextInt(6); i >= 0; i--) {
        int at = random.nextBoolean() ? random.nextInt(48) : random.nextInt(8192);
        PageBytes.putU8(pool, Frame.PAGE + at, random.nextInt(256));
      }
      try {
        changeSomehow();
      } catch (CorruptPageException expected) {
        assertThat(expected.getMessage()).isNotEmpty();
      }
      assertThat(frame.neighboursAreUntouched()).as("seed %d", seed).isTrue();
    }
  }

  private void changeSomehow() {
    int number = 1 + random.nextInt(6);
    switch (random.nextInt(8)) {
      case 0 -> heap.repairFragmentation(pool, Frame.PAGE);
      case 1 -> HeapItems.truncateLinePointerArray(pool, Frame.PAGE);
      case 2 -> IndexItems.delete(pool, Frame.PAGE, number);
      case 3 -> IndexItems.deleteNoCompact(pool, Frame.PAGE, number);
      case 4 -> IndexItems.overwrite(pool, Frame.PAGE, number, ITEM, 0, random.nextInt(200));
      case 5 -> multiDelete(1, 3, 4);
      case 6 -> PageItems.heapFreeSpace(pool, Frame.PAGE);
      default -> add(random.nextInt(7), random.nextInt(200), random.nextInt(4));
    }
  }

  private int add(int number, int length, int flags) {
    return PageItems.add(pool, Frame.PAGE, ITEM, 0, length, number, flags);
  }

  private void multiDelete(int... numbers) {
    index.multiDelete(pool, Frame.PAGE, numbers, numbers.length);
  }
}
