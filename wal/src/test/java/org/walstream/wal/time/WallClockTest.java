package org.walstream.wal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WallClockTest {

  private static final TimeZoneRules BERLIN = PosixTimeZone.parse("CET-1CEST,M3.5.0,M10.5.0/3");

  @ParameterizedTest
  @CsvSource({
    "2026-07-24T12:00:00Z, 2026-07-24T10:00:00Z",
    "2026-03-29T01:59:59Z, 2026-03-29T00:59:59Z",
    "2026-03-29T02:30:00Z, 2026-03-29T01:30:00Z", // never
    "2026-03-29T03:00:00Z, 2026-03-29T01:00:00Z",
    "2026-10-25T01:59:59Z, 2026-10-24T23:59:59Z",
    "2026-10-25T02:30:00Z, 2026-10-25T01:30:00Z", // twice
    "2026-10-25T03:00:00Z, 2026-10-25T02:00:00Z"
  })
  void findsPostgresqlsMoment(Instant shown, Instant moment) {
    assertThat(WallClock.epochSecond(BERLIN, shown.getEpochSecond()))
        .isEqualTo(moment.getEpochSecond());
  }

  @ParameterizedTest
  @CsvSource({"<+24>-24", "<-24>24", "NZST-12NZDT,M9.5.0,M4.1.0/3", "<-12>12"})
  void findsTheMomentThatShowsIt(String rule) {
    var zone = PosixTimeZone.parse(rule);
    for (long second = 0; second < 100_000_000; second += 7201) {
      long shown = second + zone.typeAt(second).offsetSeconds();
      long found = WallClock.epochSecond(zone, shown);
      assertThat(found + zone.typeAt(found).offsetSeconds()).isEqualTo(shown);
    }
  }

  @Test
  void nameOfTheClockTellsTwoMomentsApart() {
    long shown = Moments.second("2026-10-25T02:30:00Z");
    assertThat(WallClock.epochSecond(BERLIN, shown, "CEST"))
        .contains(Moments.second("2026-10-25T00:30:00Z"));
    assertThat(WallClock.epochSecond(BERLIN, shown, "CET"))
        .contains(Moments.second("2026-10-25T01:30:00Z"));
    assertThat(WallClock.epochSecond(BERLIN, shown, "EST")).isEmpty();
  }
}
