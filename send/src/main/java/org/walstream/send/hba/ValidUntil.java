package org.walstream.send.hba;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;

/// When a password expires, as people write it: `VALID UNTIL` of CREATE ROLE.
///
/// @param moment empty for `infinity`
public record ValidUntil(Optional<Instant> moment) {

  /// What people write for timestamptz: a date, a time down to whole seconds or fractions, a zone.
  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd[ ]['T']HH:mm[:ss]")
          .optionalStart()
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH:mm", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH", "Z")
          .optionalEnd()
          .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
          .toFormatter(Locale.ROOT);

  /// Reads `2027-01-01`, `2027-01-01 12:00:00+02`, `2027-01-01T12:00:00Z`, `infinity`; without a
  /// zone it is UTC.
  ///
  /// @throws DateTimeException with a message in a server's words if it is no time
  public static ValidUntil parse(String text) {
    String when = text.strip();
    if (when.equalsIgnoreCase("infinity")) {
      return new ValidUntil(Optional.empty());
    }
    try {
      return new ValidUntil(
          Optional.of(
              when.length() == "2027-01-01".length()
                  ? LocalDate.parse(when).atStartOfDay(ZoneOffset.UTC).toInstant()
                  : TIMESTAMP.parse(when, Instant::from)));
    } catch (DateTimeException e) {
      throw new DateTimeException(
          "invalid input syntax for type timestamp with time zone: \"%s\"".formatted(text), e);
    }
  }
}
