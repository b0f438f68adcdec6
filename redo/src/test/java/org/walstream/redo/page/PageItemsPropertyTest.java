package org.walstream.redo.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Pages through any history of changes against [NaivePage], every byte, the hole's too.
class PageItemsPropertyTest {

  private static final int ROUNDS = 60;
  private static final int STEPS = 400;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  private final Frame frame = new Frame();
  private final HeapItems heap = new HeapItems();
  private final IndexItems index = new IndexItems();
  private int longest;

  @Test
  void indexPagesChangeAsTheirModel() {
    for (int round = 0; round < ROUNDS; round++) {
      var model = newPage(16);
      for (int step = 0; step < STEPS; step++) {
        String what =
            switch (random.nextInt(8)) {
              case 0 -> deleteOne(model);
              case 1 -> deleteMany(model);
              case 2, 3 -> overwrite(model);
              default -> insert(model);
            };
        assertSame(model, what, round, step);
      }
    }
  }

  @Test
  void indexPagesWhoseNumbersStayChangeAsTheirModel() {
    for (int round = 0; round < ROUNDS; round++) {
      var model = newPage(8);
      for (int step = 0; step < STEPS; step++) {
        String what =
            switch (random.nextInt(5)) {
              case 0 -> deleteNoCompact(model);
              case 1 -> overwrite(model);
              default -> fill(model, 0);
            };
        assertSame(model, what, round, step);
      }
    }
  }

  @Test
  void heapPagesChangeAsTheirModel() {
    for (int round = 0; round < ROUNDS; round++) {
      var model = newPage(0);
      for (int step = 0; step < STEPS; step++) {
        String what =
            switch (random.nextInt(12)) {
              case 0 -> prune(model);
              case 1 -> truncate(model);
              case 2, 3, 4 -> discard(model);
              default -> fill(model, PageItems.IS_HEAP);
            };
        assertSame(model, what, round, step);
      }
    }
  }

  private NaivePage newPage(int specialBytes) {
    longest = List.of(40, 200, 2000).get(random.nextInt(3));
    byte[] special = new byte[specialBytes];
    random.nextBytes(special);
    PageHeader.init(frame.pool, Frame.PAGE, specialBytes);
    MemorySegment.copy(
        MemorySegment.ofArray(special),
        0,
        frame.pool,
        Frame.PAGE + PageHeader.PAGE_BYTES - specialBytes,
        specialBytes);
    return new NaivePage(special);
  }

  private String insert(NaivePage model) {
    byte[] item = item();
    int at = random.nextInt(model.slots.size() + 1);
    int expected = model.hasRoomFor(item.length, 1) ? at + 1 : PageItems.NONE;
    assertThat(add(item, at + 1, 0)).isEqualTo(expected);
    if (expected != PageItems.NONE) {
      model.insert(at, item);
    }
    return "insert " + item.length + " at " + at;
  }

  private String fill(NaivePage model, int flags) {
    byte[] item = item();
    int[] free = unused(model);
    boolean anywhere = random.nextBoolean() && freeLinesHintIsRight(model);
    int at = free.length == 0 ? model.slots.size() : free[0];
    if (!anywhere && free.length > 0) {
      at = random.nextBoolean() ? model.slots.size() : free[random.nextInt(free.length)];
    }
    boolean another = at == model.slots.size();
    boolean fits =
        model.hasRoomFor(item.length, another ? 1 : 0)
            && (flags == 0 || at < PageItems.MAX_HEAP_TUPLES);
    int added = add(item, anywhere ? PageItems.NONE : at + 1, flags | PageItems.OVERWRITE);
    assertThat(added).isEqualTo(fits ? at + 1 : PageItems.NONE);
    if (fits && another) {
      model.insert(at, item);
    } else if (fits) {
      model.fill(at, item);
    }
    return "fill " + item.length + " at " + at;
  }

  private String overwrite(NaivePage model) {
    int[] there = withStorage(model);
    if (there.length == 0) {
      return "nothing to overwrite";
    }
    int at = there[random.nextInt(there.length)];
    byte[] item = item();
    int old = model.slots.get(at).item().padded.length;
    boolean fits = (item.length + 7) / 8 * 8 <= old + model.upper() - model.lower();
    assertThat(
            IndexItems.overwrite(
                frame.pool, Frame.PAGE, at + 1, MemorySegment.ofArray(item), 0, item.length))
        .isEqualTo(fits);
    if (fits) {
      model.replace(at, item);
    }
    return "overwrite " + at + " by " + item.length;
  }

  private String deleteOne(NaivePage model) {
    if (model.slots.isEmpty()) {
      return "nothing to delete";
    }
    int at = random.nextInt(model.slots.size());
    IndexItems.delete(frame.pool, Frame.PAGE, at + 1);
    model.remove(at);
    model.bytes();
    return "delete " + at;
  }

  private String deleteMany(NaivePage model) {
    int[] numbers =
        IntStream.rangeClosed(1, model.slots.size()).filter(_ -> random.nextInt(4) == 0).toArray();
    index.multiDelete(frame.pool, Frame.PAGE, numbers, numbers.length);
    for (int i = numbers.length - 1; i >= 0; i--) {
      model.remove(numbers[i] - 1);
      if (numbers.length <= 2) {
        model.bytes(); // one by one
      }
    }
    if (numbers.length > 2) {
      model.pack();
    }
    return "delete these many: " + numbers.length;
  }

  private String deleteNoCompact(NaivePage model) {
    int[] there = withStorage(model);
    if (there.length == 0) {
      return "nothing to delete";
    }
    int at = there[random.nextInt(there.length)];
    IndexItems.deleteNoCompact(frame.pool, Frame.PAGE, at + 1);
    if (at == model.slots.size() - 1) {
      model.remove(at);
    } else {
      model.drop(at, LinePointer.UNUSED, 0);
    }
    model.bytes();
    return "delete " + at + ", keep its number";
  }

  /// A tuple becomes dead, or redirected, or its line pointer unused; its bytes stay for now.
  private String discard(NaivePage model) {
    if (model.slots.isEmpty()) {
      return "nothing to discard";
    }
    int at = random.nextInt(model.slots.size());
    int flags = List.of(0, 0, 2, 3).get(random.nextInt(4));
    int target = flags == LinePointer.REDIRECT ? 1 + random.nextInt(model.slots.size()) : 0;
    LinePointer.put(frame.pool, Frame.PAGE, at + 1, LinePointer.of(target, flags, 0));
    if (model.slots.get(at).hasStorage()) {
      model.abandon(at);
    }
    model.drop(at, flags, target);
    model.bytes();
    return "discard " + at;
  }

  private String prune(NaivePage model) {
    heap.repairFragmentation(frame.pool, Frame.PAGE);
    while (!model.slots.isEmpty() && model.slots.getLast().flags() == LinePointer.UNUSED) {
      model.slots.removeLast();
    }
    model.hint(unused(model).length > 0);
    model.pack();
    return "prune";
  }

  private String truncate(NaivePage model) {
    HeapItems.truncateLinePointerArray(frame.pool, Frame.PAGE);
    while (model.slots.size() > 1 && model.slots.getLast().flags() == LinePointer.UNUSED) {
      model.slots.removeLast();
    }
    model.hint(unused(model).length > 0);
    model.bytes();
    return "truncate";
  }

  private int add(byte[] item, int offsetNumber, int flags) {
    return PageItems.add(
        frame.pool, Frame.PAGE, MemorySegment.ofArray(item), 0, item.length, offsetNumber, flags);
  }

  private byte[] item() {
    byte[] item = new byte[8 + random.nextInt(longest)];
    random.nextBytes(item);
    return item;
  }

  private static int[] unused(NaivePage model) {
    return IntStream.range(0, model.slots.size())
        .filter(i -> model.slots.get(i).flags() == LinePointer.UNUSED)
        .toArray();
  }

  private static int[] withStorage(NaivePage model) {
    return IntStream.range(0, model.slots.size())
        .filter(i -> model.slots.get(i).hasStorage())
        .toArray();
  }

  /// Without the hint nothing but the end is free for those who do not say where.
  private static boolean freeLinesHintIsRight(NaivePage model) {
    return ((model.flags & PageHeader.HAS_FREE_LINES) != 0) == (unused(model).length > 0);
  }

  private void assertSame(NaivePage model, String what, int round, int step) {
    assertThat(Arrays.mismatch(frame.bytes(), model.bytes()))
        .as("first byte that differs, %s, seed %d, round %d, step %d", what, seed, round, step)
        .isEqualTo(-1);
    assertThat(frame.neighboursAreUntouched()).isTrue();
  }
}
