package org.walstream.wal.time;

/// When which clock is right. Immutable, and no question to it allocates.
public sealed interface TimeZoneRules permits PosixTimeZone, TzifFile {

  static TimeZoneRules utc() {
    return PosixTimeZone.fixed(LocalTimeType.UTC);
  }

  /// @param epochSecond since 1970-01-01 UTC
  LocalTimeType typeAt(long epochSecond);

  /// The leap seconds that `epochSecond` counts: none, unless the zone is one of those that reckon
  /// with them (`right/…`), which are to be used where the system's clock counts them too.
  default int leapSecondsAt(long epochSecond) {
    return 0;
  }

  /// Whether `epochSecond` is itself a leap second, the sixtieth of its minute.
  default boolean isLeapSecond(long epochSecond) {
    return false;
  }
}
