package org.walstream.node.config;

import java.util.StringJoiner;

/// The units a number in the configuration may carry, and the base unit its value is kept in.
///
/// Counterpart of the conversion tables in src/backend/utils/misc/guc.c. Units are case-sensitive
/// there and here.
enum Unit {
  NONE,
  MEGABYTES(step("TB", 1L << 20), step("GB", 1L << 10), step("MB", 1)),
  MILLISECONDS(
      step("d", 86_400_000),
      step("h", 3_600_000),
      step("min", 60_000),
      step("s", 1_000),
      step("ms", 1)),
  SECONDS(step("d", 86_400), step("h", 3_600), step("min", 60), step("s", 1));

  /// One unit's name and how many base units it holds.
  private record Step(String name, long factor) {}

  @SuppressWarnings("ImmutableEnumChecker") // never written after construction
  private final Step[] largestFirst;

  Unit(Step... largestFirst) {
    this.largestFirst = largestFirst;
  }

  private static Step step(String name, long factor) {
    return new Step(name, factor);
  }

  /// How many base units one `name` is, or 0 when the unit does not fit.
  long factor(String name) {
    for (Step step : largestFirst) {
      if (step.name.equals(name)) {
        return step.factor;
      }
    }
    return 0;
  }

  /// The value in the largest unit that divides it, as SHOW prints it: 60000 ms is `1min`.
  String show(long value) {
    if (value <= 0) {
      return Long.toString(value);
    }
    for (Step step : largestFirst) {
      if (value % step.factor == 0) {
        return value / step.factor + step.name;
      }
    }
    return Long.toString(value);
  }

  /// The names a user may write, for hints.
  String names() {
    var names = new StringJoiner(", ");
    for (int i = largestFirst.length - 1; i >= 0; i--) {
      names.add('"' + largestFirst[i].name + '"');
    }
    return names.toString();
  }
}
