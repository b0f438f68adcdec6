package org.walstream.redo;

import java.util.stream.IntStream;

/// Which versions of PostgreSQL a long test runs beside: the first and the last, and those between
/// in the heavy checks.
///
/// `-Dwalstream.test.major=16`: that one alone.
public final class TestedVersions {

  /// For `@MethodSource`.
  public static final String OF_LONG_TESTS = "org.walstream.redo.TestedVersions#ofLongTests";

  /// For `@MethodSource` of what belongs into the heavy checks: the last version, and all of them
  /// there.
  public static final String OF_HEAVY_TESTS = "org.walstream.redo.TestedVersions#ofHeavyTests";

  public static final boolean HEAVY = Boolean.getBoolean("walstream.test.heavy");

  private static final int FIRST = Integer.getInteger("walstream.test.major", 15);
  private static final int LAST = Integer.getInteger("walstream.test.major", 18);

  private TestedVersions() {}

  public static IntStream ofLongTests() {
    return HEAVY ? IntStream.rangeClosed(FIRST, LAST) : IntStream.of(FIRST, LAST).distinct();
  }

  public static IntStream ofHeavyTests() {
    return HEAVY ? IntStream.rangeClosed(FIRST, LAST) : IntStream.of(LAST);
  }
}
