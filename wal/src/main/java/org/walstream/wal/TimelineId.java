package org.walstream.wal;

/// The number of a timeline: one line of history that a cluster has followed. Each promotion and
/// each recovery to a point in time begins a new one. Unsigned 32 bits; 0 is no timeline.
///
/// Counterpart of TimeLineID, src/include/access/xlogdefs.h.
public record TimelineId(int value) implements Comparable<TimelineId> {

  /// The timeline of a cluster that initdb has just made. It alone has no history file.
  public static final TimelineId FIRST = new TimelineId(1);

  public TimelineId {
    if (value == 0) {
      throw new IllegalArgumentException("timeline 0 is not a timeline");
    }
  }

  /// Reads a decimal number.
  ///
  /// @throws IllegalArgumentException naming `text`, if it is not a number between 1 and 4294967295
  public static TimelineId parse(String text) {
    int value;
    try {
      value = Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("invalid timeline \"" + text + "\"", e);
    }
    return new TimelineId(value);
  }

  public boolean isBefore(TimelineId other) {
    return compareTo(other) < 0;
  }

  /// The name of this timeline's history file, such as `00000002.history`.
  public String historyFileName() {
    return "%08X.history".formatted(value);
  }

  @Override
  public int compareTo(TimelineId other) {
    return Integer.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toUnsignedString(value);
  }
}
