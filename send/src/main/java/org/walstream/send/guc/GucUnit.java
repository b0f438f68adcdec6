package org.walstream.send.guc;

import java.util.List;
import java.util.Optional;

/// The unit in which a parameter's value is kept, and the units it may be written in.
///
/// Counterpart of the conversion tables in src/backend/utils/misc/guc.c. Names of units are
/// case-sensitive there and here.
public enum GucUnit {
  NONE("", 0, Kind.NONE),
  BYTES("B", 1, Kind.MEMORY),
  KILOBYTES("kB", 1L << 10, Kind.MEMORY),
  BLOCKS("8kB", 8L << 10, Kind.MEMORY),
  MEGABYTES("MB", 1L << 20, Kind.MEMORY),
  MILLISECONDS("ms", 1_000, Kind.TIME),
  SECONDS("s", 1_000_000, Kind.TIME),
  MINUTES("min", 60_000_000, Kind.TIME);

  private enum Kind {
    NONE(List.of(), ""),
    MEMORY(
        List.of(
            new Step("TB", 1L << 40),
            new Step("GB", 1L << 30),
            new Step("MB", 1L << 20),
            new Step("kB", 1L << 10),
            new Step("B", 1)),
        "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\"."),
    TIME(
        List.of(
            new Step("d", 86_400_000_000L),
            new Step("h", 3_600_000_000L),
            new Step("min", 60_000_000),
            new Step("s", 1_000_000),
            new Step("ms", 1_000),
            new Step("us", 1)),
        "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\".");

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<Step> largestFirst;

    private final String hint;

    Kind(List<Step> largestFirst, String hint) {
      this.largestFirst = largestFirst;
      this.hint = hint;
    }
  }

  /// A unit, and how many of the smallest of its kind it holds.
  private record Step(String name, long size) {}

  private final String text;
  private final long size;
  private final Kind kind;

  GucUnit(String text, long size, Kind kind) {
    this.text = text;
    this.size = size;
    this.kind = kind;
  }

  /// The unit that pg_settings calls `text`.
  static GucUnit of(String text) {
    for (GucUnit unit : values()) {
      if (unit.text.equals(text)) {
        return unit;
      }
    }
    throw new IllegalArgumentException("no unit of a parameter: " + text);
  }

  /// As pg_settings calls it; empty for plain numbers.
  String text() {
    return text;
  }

  /// What to tell whoever has written a unit that does not fit.
  String hint() {
    return kind.hint;
  }

  /// `value` of unit `name` in this unit; a fraction is rounded to the next smaller unit first, so
  /// that `30.1GB` is a whole number of megabytes. Empty when the unit does not fit.
  Optional<Double> convert(double value, String name) {
    for (int i = 0; i < kind.largestFirst.size(); i++) {
      Step step = kind.largestFirst.get(i);
      if (step.name.equals(name)) {
        double converted = value * factor(step);
        if (i + 1 < kind.largestFirst.size()) {
          double smaller = factor(kind.largestFirst.get(i + 1));
          converted = Math.rint(converted / smaller) * smaller;
        }
        return Optional.of(converted);
      }
    }
    return Optional.empty();
  }

  private double factor(Step step) {
    return (double) step.size / size;
  }

  /// The value in the largest unit that divides it, as SHOW prints it: 60000 ms is `1min`.
  public String show(long value) {
    if (value <= 0 || kind == Kind.NONE) {
      return Long.toString(value);
    }
    for (Step step : kind.largestFirst) {
      if (step.size <= size) {
        return value * (size / step.size) + step.name;
      } else if (value % (step.size / size) == 0) {
        return value / (step.size / size) + step.name;
      }
    }
    return Long.toString(value);
  }

  /// The same for a parameter with fractions, whose number `text` is already printed for this unit.
  String showReal(double value) {
    if (value > 0 && kind != Kind.NONE) {
      for (Step step : kind.largestFirst) {
        double converted = value / factor(step);
        if (step.size == 1 || Math.abs(Math.rint(converted) / converted - 1) <= 1e-8) {
          return GucNumber.text(converted) + step.name;
        }
      }
    }
    return GucNumber.text(value);
  }
}
