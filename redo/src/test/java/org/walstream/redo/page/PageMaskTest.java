package org.walstream.redo.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.walstream.wal.rmgr.Rmgr;

class PageMaskTest {

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  private final Frame frame = new Frame();
  private final MemorySegment pool = frame.pool;

  @BeforeEach
  void pageWithEverything() {
    PageHeader.init(pool, Frame.PAGE, 16);
    byte[] item = new byte[20];
    Arrays.fill(item, (byte) 7);
    for (int number = 1; number <= 3; number++) {
      PageItems.add(pool, Frame.PAGE, MemorySegment.ofArray(item), 0, item.length, number, 0);
    }
    IndexItems.delete(pool, Frame.PAGE, 2); // leaves something in the hole
    LinePointer.put(pool, Frame.PAGE, 2, LinePointer.of(8128, LinePointer.DEAD, 20));
    PageHeader.putLsn(pool, Frame.PAGE, 0x1_0000_0002L);
    PageHeader.setPrunable(pool, Frame.PAGE, 800);
    PageHeader.set(pool, Frame.PAGE, PageHeader.VALID_FLAGS);
    new PageChecksum().put(pool, Frame.PAGE, 0);
  }

  @Test
  void lsnAndChecksumGo() {
    PageMask.lsnAndChecksum(pool, Frame.PAGE);
    assertThat(Arrays.copyOf(frame.bytes(), 10)).containsOnly(0);
    assertThat(PageHeader.flags(pool, Frame.PAGE)).isEqualTo(7);
  }

  @Test
  void hintsGo() {
    PageMask.hintBits(pool, Frame.PAGE);
    assertThat(PageHeader.flags(pool, Frame.PAGE)).isZero();
    assertThat(PageHeader.pruneXid(pool, Frame.PAGE)).isZero();
  }

  @Test
  void holeGoesAndNothingElse() {
    byte[] before = frame.bytes();
    PageMask.unusedSpace(pool, Frame.PAGE);
    byte[] after = frame.bytes();
    int lower = PageHeader.lower(pool, Frame.PAGE);
    int upper = PageHeader.upper(pool, Frame.PAGE);
    assertThat(Arrays.copyOfRange(before, lower, upper)).contains(7);
    assertThat(Arrays.copyOfRange(after, lower, upper)).containsOnly(0);
    assertThat(Arrays.copyOf(after, lower)).isEqualTo(Arrays.copyOf(before, lower));
    assertThat(Arrays.copyOfRange(after, upper, 8192))
        .isEqualTo(Arrays.copyOfRange(before, upper, 8192));
  }

  @Test
  void flagsOfLinePointersGo() {
    PageMask.linePointerFlags(pool, Frame.PAGE);
    assertThat(LinePointer.get(pool, Frame.PAGE, 2)).isEqualTo(LinePointer.of(8128, 0, 20));
    assertThat(LinePointer.isUsed(LinePointer.get(pool, Frame.PAGE, 1))).isFalse();
  }

  @Test
  void contentGoes() {
    PageMask.content(pool, Frame.PAGE);
    assertThat(Arrays.copyOfRange(frame.bytes(), 24, 8192)).containsOnly(0);
    assertThat(Arrays.copyOfRange(frame.bytes(), 12, 16)).containsOnly(0);
    assertThat(PageHeader.special(pool, Frame.PAGE)).isEqualTo(8176);
    assertThat(frame.neighboursAreUntouched()).isTrue();
  }

  @Test
  void whoHasNoMaskComparesPagesAsTheyAre() {
    byte[] before = frame.bytes();
    assertThat(ConsistencyMask.apply(Rmgr.XLOG, pool, Frame.PAGE, 0)).isFalse();
    assertThat(frame.bytes()).isEqualTo(before);
  }

  @Test
  void noBytesMakeAMaskLeaveThePage() {
    for (int round = 0; round < 20_000; round++) {
      pageWithEverything();
      for (int i = random.nextInt(8); i >= 0; i--) {
        int at = random.nextBoolean() ? random.nextInt(40) : random.nextInt(8192);
        PageBytes.putU8(pool, Frame.PAGE + at, random.nextInt(256));
      }
      Rmgr rmgr = Objects.requireNonNull(Rmgr.ofId(random.nextInt(22)));
      try {
        ConsistencyMask.apply(rmgr, pool, Frame.PAGE, random.nextInt());
      } catch (CorruptPageException expected) {
        assertThat(expected.getMessage()).isNotEmpty();
      }
      assertThat(frame.neighboursAreUntouched()).as("seed %d", seed).isTrue();
    }
  }
}
