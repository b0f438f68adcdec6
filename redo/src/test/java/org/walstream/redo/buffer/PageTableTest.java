package org.walstream.redo.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class PageTableTest {

  private static final int CAPACITY = 100;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  /// Keys of few forks and near blocks, as relations have them, so that they meet in the table.
  @Test
  void isAMap() {
    var table = new PageTable(CAPACITY);
    Map<Long, Integer> model = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      long key = (long) random.nextInt(4) << 32 | random.nextInt(100);
      if (model.containsKey(key)) {
        if (random.nextBoolean()) {
          table.remove(key);
          model.remove(key);
        }
      } else if (model.size() < CAPACITY) {
        table.put(key, step);
        model.put(key, step);
      }
      assertThat(table.get(key)).as("seed %d", seed).isEqualTo(model.getOrDefault(key, -1));
    }
    for (long key : new ArrayList<>(model.keySet())) {
      assertThat(table.get(key)).as("seed %d", seed).isEqualTo(model.get(key));
      table.remove(key);
      assertThat(table.get(key)).as("seed %d", seed).isEqualTo(PageTable.ABSENT);
    }
  }
}
