package org.walstream.wal.time;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A compiled zone: every change of its clocks that is known, and a rule for the time after the
/// last.
///
/// Counterpart of glibc's time/tzfile.c.
public final class TzifFile implements TimeZoneRules {

  private final long[] transitions;
  private final byte[] transitionTypes;
  private final TzifType[] types;
  private final LocalTimeType beforeTransitions;
  private final @Nullable PosixTimeZone footer;
  private final LeapSeconds leapSeconds;

  /// @param transitions ascending
  /// @param transitionTypes of each the index of the type that holds from then
  /// @param types one or more
  TzifFile(
      long[] transitions,
      byte[] transitionTypes,
      TzifType[] types,
      @Nullable PosixTimeZone footer,
      LeapSeconds leapSeconds) {
    this.transitions = transitions;
    this.transitionTypes = transitionTypes;
    this.types = types;
    this.beforeTransitions = firstStandard(types);
    this.footer = footer;
    this.leapSeconds = leapSeconds;
  }

  /// Reads a file's content.
  ///
  /// @return null when it is no TZif file or a damaged one: then the name of the file is read as a
  ///   rule, as if there were none
  public static @Nullable TzifFile parse(byte[] bytes) {
    return new TzifParser(bytes).parse();
  }

  @Override
  public LocalTimeType typeAt(long epochSecond) {
    int count = transitions.length;
    // Without a transition the footer is not looked at.
    if (count == 0 || epochSecond < transitions[0]) {
      return beforeTransitions;
    }
    if (epochSecond >= transitions[count - 1]) {
      return footer == null ? typeFrom(count - 1) : footer.typeAt(epochSecond);
    }
    int found = Arrays.binarySearch(transitions, epochSecond);
    return typeFrom(found < 0 ? -found - 2 : found);
  }

  @Override
  public int leapSecondsAt(long epochSecond) {
    return leapSeconds.at(epochSecond);
  }

  @Override
  public boolean isLeapSecond(long epochSecond) {
    return leapSeconds.isOne(epochSecond);
  }

  boolean hasTwoTypes() {
    return types.length >= 2;
  }

  /// This zone's changes between the two clocks of `rules`, moved as glibc moves them: those to
  /// summer time as far as the standard clock stands from the one here, in the wrong direction;
  /// those back by the whole offset of the summer clock, since it subtracts that of a zone read
  /// before, and in a program that has just begun there is none. It has no changes of its own after
  /// the last: `CET-1CEST` changes at 14:00 and 10:00 on the days when New York does at 2:00, and
  /// from the end of 2037 on is New York. So do PostgreSQL's tools.
  TzifFile withClocksOf(PosixTimeZone rules) {
    int standardShift = rules.standard().offsetSeconds() - lastStandardOffset();
    int daylightShift = rules.daylight().offsetSeconds();
    long[] moved = transitions.clone();
    byte[] flavors = new byte[moved.length];
    boolean daylight = false;
    for (int i = 0; i < moved.length; i++) {
      TzifType type = type(i);
      boolean byStandardClock = !daylight || type.changesInStandardTime();
      if (!type.changesInUniversalTime()) {
        moved[i] += byStandardClock ? standardShift : daylightShift;
      }
      daylight = type.local().daylight();
      flavors[i] = (byte) (daylight ? 1 : 0);
    }
    TzifType[] clocks = {TzifType.of(rules.standard()), TzifType.of(rules.daylight())};
    return new TzifFile(moved, flavors, clocks, footer, leapSeconds);
  }

  private int lastStandardOffset() {
    for (int i = transitions.length - 1; i >= 0; i--) {
      LocalTimeType local = typeFrom(i);
      if (!local.daylight()) {
        return local.offsetSeconds();
      }
    }
    return 0;
  }

  private LocalTimeType typeFrom(int transition) {
    return type(transition).local();
  }

  private TzifType type(int transition) {
    return types[Byte.toUnsignedInt(transitionTypes[transition])];
  }

  private static LocalTimeType firstStandard(TzifType[] types) {
    for (TzifType type : types) {
      if (!type.local().daylight()) {
        return type.local();
      }
    }
    return types[0].local();
  }
}
