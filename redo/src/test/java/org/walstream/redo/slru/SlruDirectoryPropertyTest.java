package org.walstream.redo.slru;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which page is the older, against a definition that looks at every entry.
class SlruDirectoryPropertyTest {

  private static final long CIRCLE = 1L << 32;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  @ParameterizedTest
  @EnumSource
  void aPagePrecedesWhenItsFirstNumberPrecedesEachOfTheOther(SlruDirectory slru) {
    int yes = 0;
    for (int round = 0; round < 400; round++) {
      long page = somePage(slru);
      long other = near(slru, page);
      boolean expected = slowly(slru, page, other);
      assertThat(slru.precedes(page, other))
          .as("%s: %d before %d, seed %d", slru, page, other, seed)
          .isEqualTo(expected);
      yes += expected ? 1 : 0;
    }
    assertThat(yes).isBetween(20, 380);
  }

  @ParameterizedTest
  @EnumSource
  void noPagePrecedesItselfAndNoTwoPrecedeEachOther(SlruDirectory slru) {
    for (int round = 0; round < 10_000; round++) {
      long page = somePage(slru);
      long other = near(slru, page);
      assertThat(slru.precedes(page, page)).isFalse();
      assertThat(slru.precedes(page, other) && slru.precedes(other, page))
          .as("%s: %d and %d, seed %d", slru, page, other, seed)
          .isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void truncationBeforeWhatIsInUseNeverTakesAnyOfIt(SlruDirectory slru) {
    for (int round = 0; round < 10_000; round++) {
      int oldest = random.nextInt();
      int newest = oldest + random.nextInt(Integer.MAX_VALUE);
      int between = oldest + (int) ((newest - oldest) * random.nextDouble());
      assertThat(slru.precedes(slru.pageOf(between), slru.pageOf(oldest)))
          .as("%s: %d of %d to %d, seed %d", slru, between, oldest, newest, seed)
          .isFalse();
    }
  }

  /// By the way on the circle from the first entry of `page` to each of `other`: not none, and at
  /// most half of it. The first numbers of the circle are set aside as PostgreSQL does, by moving
  /// both pages beyond them.
  private static boolean slowly(SlruDirectory slru, long page, long other) {
    long aside =
        switch (slru) {
          case XACT, COMMIT_TS, SUBTRANS -> 4;
          case MULTIXACT_OFFSET -> 2;
          case MULTIXACT_MEMBER -> 0;
        };
    long first = page * slru.entriesPerPage() + aside;
    for (int entry = 0; entry < slru.entriesPerPage(); entry++) {
      long ahead = Math.floorMod(other * slru.entriesPerPage() + aside + entry - first, CIRCLE);
      if (ahead == 0 || ahead > CIRCLE / 2) {
        return false;
      }
    }
    return true;
  }

  private long pages(SlruDirectory slru) {
    return (CIRCLE - 1) / slru.entriesPerPage() + 1;
  }

  private long somePage(SlruDirectory slru) {
    long pages = pages(slru);
    return switch (random.nextInt(3)) {
      case 0 -> random.nextLong(Math.min(4, pages));
      case 1 -> pages - 1 - random.nextLong(4);
      default -> random.nextLong(pages);
    };
  }

  /// Anywhere, close by, or close to the opposite side.
  private long near(SlruDirectory slru, long page) {
    long pages = pages(slru);
    long distance =
        switch (random.nextInt(3)) {
          case 0 -> random.nextLong(pages);
          case 1 -> random.nextLong(-3, 4);
          default -> pages / 2 + random.nextLong(-3, 4);
        };
    return Math.floorMod(page + distance, pages);
  }
}
