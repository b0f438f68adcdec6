package org.walstream.wal.time;

/// How the clocks of a zone stand for a while: RFC 9636's local time type, struct ttinfo of C.
///
/// @param offsetSeconds ahead of UTC; east is positive, other than in the text of `TZ`
/// @param abbreviation what %Z prints; one char for each byte of it
public record LocalTimeType(int offsetSeconds, boolean daylight, String abbreviation) {

  static final LocalTimeType UTC = new LocalTimeType(0, false, "UTC");

  /// What is left of a `TZ` that says nothing.
  static final LocalTimeType UNNAMED = new LocalTimeType(0, false, "");
}
