package org.walstream.cli.waldump;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.walstream.cli.line.UsageException;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.XactCompletion;
import org.walstream.wal.time.TimeZoneRules;
import org.walstream.wal.time.WallClock;

/// A part of WAL told by time. Only ends of transactions bear a time, so the window goes from one
/// such record to another:
///
/// ```
///   commit 9:58   …   commit 10:03   …   commit 10:07   …   commit 10:12
///                 └───────────── --from 10:00 --to 10:05 ─┘
/// ```
///
/// It begins with the record after the last end of a transaction (commit or abort, prepared ones
/// too) before the first that is at FROM or later, and it ends with the first one after that which
/// is at TO or later, that record included: all that was written between the two moments is within.
/// Without FROM it begins where reading does, without TO it ends where WAL does.
///
/// @param from micros since 2000-01-01 UTC
/// @param to as `from`
record TimeWindow(OptionalLong from, OptionalLong to) {

  static final TimeWindow ALL = new TimeWindow(OptionalLong.empty(), OptionalLong.empty());

  private static final int TRANSACTION = 1;

  private static final DateTimeFormatter TEXT =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd['T'][' ']HH:mm[:ss]")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .optionalStart()
          .appendPattern("[' ']")
          .appendOffset("+HH:mm", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH", "Z")
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  /// A time with the name of a zone's clock behind it, which may be a number: `+0545`.
  private static final Pattern NAMED = Pattern.compile("(.*[0-9]) ([A-Za-z]{3,}|[+-][0-9]{4})");

  /// Reads `2026-11-24 10:00`, with seconds, a fraction and an offset from UTC as wanted, and the
  /// times that waldump prints in this zone; without an offset it is local time.
  ///
  /// @throws UsageException when it is none
  static long parse(String text, String option, TimeZoneRules zone) {
    try {
      return PgTimestamp.micros(instant(text.strip(), zone));
    } catch (DateTimeException e) {
      throw new UsageException(
          "invalid value \"%s\" for option %s".formatted(text, option),
          "Expecting a time such as \"2026-11-24 10:00:00\" or \"2026-11-24 10:00:00+00\".");
    }
  }

  private static Instant instant(String text, TimeZoneRules zone) {
    Matcher named = NAMED.matcher(text);
    if (!named.matches()) {
      return switch (TEXT.parseBest(text, OffsetDateTime::from, LocalDateTime::from)) {
        case OffsetDateTime offset -> offset.toInstant();
        case LocalDateTime local -> instant(local, WallClock.epochSecond(zone, second(local)));
        case TemporalAccessor other -> throw new IllegalStateException(other.toString());
      };
    }
    LocalDateTime local = LocalDateTime.parse(named.group(1), TEXT);
    String name = named.group(2);
    if (name.equals("UTC")) {
      return local.toInstant(ZoneOffset.UTC);
    }
    return WallClock.epochSecond(zone, second(local), name)
        .map(epochSecond -> instant(local, epochSecond))
        .orElseThrow(() -> new DateTimeException("the clock is not called " + name + " then"));
  }

  private static long second(LocalDateTime local) {
    return local.toEpochSecond(ZoneOffset.UTC);
  }

  private static Instant instant(LocalDateTime local, long epochSecond) {
    return Instant.ofEpochSecond(epochSecond, local.get(ChronoField.NANO_OF_SECOND));
  }

  boolean isAll() {
    return from.isEmpty() && to.isEmpty();
  }

  /// The part of `range` within the window; reads it from its start to the window's end.
  WalRange within(WalRange range, BooleanSupplier interrupted) throws IOException {
    long startLsn = range.startLsn();
    boolean begun = from.isEmpty();
    try (RecordSource source = RecordSource.ofFiles(range)) {
      while (source.next() instanceof DecodedXLogRecord record && !interrupted.getAsBoolean()) {
        if (record.rmgrId() == TRANSACTION
            && Rmgr.interpret(record) instanceof XactCompletion completion) {
          long time = completion.xactTime();
          begun = begun || time >= from.getAsLong();
          if (!begun) {
            startLsn = record.endLsn();
          } else if (to.isEmpty()) {
            break;
          } else if (time >= to.getAsLong()) {
            return range.part(startLsn, record.endLsn());
          }
        }
      }
    }
    return range.part(startLsn, range.endLsn());
  }
}
