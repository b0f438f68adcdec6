package org.walstream.cli.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.time.PosixTimeZone;
import org.walstream.wal.time.TimeZoneRules;

class MomentTest {

  private static final TimeZoneRules BERLIN = PosixTimeZone.parse("CET-1CEST,M3.5.0,M10.5.0/3");

  @ParameterizedTest
  @CsvSource({
    "2026-11-24 10:00, 2026-11-24T09:00:00Z",
    "2026-11-24T10:00:05, 2026-11-24T09:00:05Z",
    "2026-11-24 10:00:05.25, 2026-11-24T09:00:05.250Z",
    "2026-11-24 10:00:05.000123+00, 2026-11-24T10:00:05.000123Z",
    "2026-11-24 10:00:05+05:30, 2026-11-24T04:30:05Z",
    "2026-11-24T10:00:05Z, 2026-11-24T10:00:05Z",
    "2026-11-24 10:00:05.000123 UTC, 2026-11-24T10:00:05.000123Z",
    "2026-07-24 10:00:05.000123 CEST, 2026-07-24T08:00:05.000123Z",
    "2026-10-25 02:30, 2026-10-25T01:30:00Z",
    "2026-10-25 02:30:00 CEST, 2026-10-25T00:30:00Z",
    "2026-10-25 02:30:00 CET, 2026-10-25T01:30:00Z",
    "2026-03-29 02:30, 2026-03-29T01:30:00Z"
  })
  void readsMomentsAsPostgresqlPrintsThem(String text, Instant moment) {
    long micros = Moment.parse(text, "--from", BERLIN);
    assertThat(PgTimestamp.instant(micros)).isEqualTo(moment);
  }

  @Test
  void readsBackWhatWaldumpPrintsWhereTheClocksNameIsANumber() {
    var zone = PosixTimeZone.parse("<+0545>-5:45");
    long micros = Moment.parse("2026-11-24 10:00:05.000123 +0545", "--to", zone);
    assertThat(PgTimestamp.instant(micros)).isEqualTo("2026-11-24T04:15:05.000123Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2026-11-24 10:00:00 CEST", "2026-03-29 02:30 CET", "2026-11-24 10:00 EST"})
  void refusesTheNameOfAClockThatDoesNotShowThat(String text) {
    assertThatThrownBy(() -> Moment.parse(text, "--to", BERLIN)).isInstanceOf(UsageException.class);
  }

  @Test
  void refusesWhatIsNoMoment() {
    assertThatThrownBy(() -> Moment.parse("yesterday", "--to", TimeZoneRules.utc()))
        .isInstanceOf(UsageException.class)
        .hasMessage("invalid value \"yesterday\" for option --to");
  }
}
