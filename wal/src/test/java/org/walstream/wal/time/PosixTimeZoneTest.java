package org.walstream.wal.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What glibc 2.36 makes of rules. `SystemTimeZoneIT` in node asks the C library of this machine.
class PosixTimeZoneTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GMT-8                   | 2026-07-24 20:00:00 GMT",
        "EST5                    | 2026-07-24 07:00:00 EST",
        "<+0545>-5:45            | 2026-07-24 17:45:00 +0545",
        "<-03>+3                 | 2026-07-24 09:00:00 -03",
        "LMT-0:53:28             | 2026-07-24 12:53:28 LMT",
        "EST5EDT,M3.2.0,M11.1.0  | 2026-07-24 08:00:00 EDT",
        "EST5EDT4:30,M3.2.0,M11.1.0 | 2026-07-24 07:30:00 EDT",
        "EST5EDT                 | 2026-07-24 08:00:00 EDT",
        "EST5EDT,                | 2026-07-24 08:00:00 EDT",
        "NZST-12NZDT,M9.5.0,M4.1.0/3 | 2026-07-25 00:00:00 NZST",
        "IST-1GMT0,M10.5.0,M3.5.0/1 | 2026-07-24 13:00:00 IST",
        "EST5EDT4,0/0,J365/25    | 2026-07-24 08:00:00 EDT"
      })
  void readsRules(String rule, String text) {
    assertThat(Moments.text(PosixTimeZone.parse(rule), "2026-07-24T12:00:00Z")).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Nonsense        | 2026-07-24 12:00:00 Nonsense",
        "Europe/Atlantis | 2026-07-24 12:00:00 Europe",
        "CET-            | 2026-07-24 12:00:00 CET",
        "CETx            | 2026-07-24 12:00:00 CETx",
        "CET-99:99:99    | 2026-07-25 12:59:59 CET",
        "CET--1          | 2026-07-25 12:00:00 CET",
        "'CET- 1'        | 2026-07-24 13:00:00 CET",
        "CET-65537       | 2026-07-24 13:00:00 CET",
        "CET-99999999999999999999999999 | 2026-07-25 12:00:00 CET",
        "CET-1CEST,rule  | 2026-07-24 14:00:00 CEST",
        "GMT-8x          | 2026-07-24 20:00:00 GMT"
      })
  void readsOfBrokenRulesWhatThereIs(String rule, String text) {
    assertThat(Moments.text(PosixTimeZone.parse(rule), "2026-07-24T12:00:00Z")).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"''", "AB-1", "/etc/passwd", "<+1>-1", "<+0545-5:45", "5", "-"})
  void isUtcWithoutANameWhereThereIsNone(String rule) {
    assertThat(Moments.text(PosixTimeZone.parse(rule), "2026-07-24T12:00:00Z"))
        .isEqualTo("2026-07-24 12:00:00 ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // the second Sunday of March, the first of November, at 2:00 by the clock until then
        "EST5EDT | 2026-03-08T07:00:00Z | 2026-11-01T06:00:00Z",
        // the last one of a month
        "CET-1CEST,M3.5.0,M10.5.0/3 | 2026-03-29T01:00:00Z | 2026-10-25T01:00:00Z",
        "CET-1CEST,M2.5.6,M10.5.0/3 | 2028-02-26T01:00:00Z | 2028-10-29T01:00:00Z",
        // February 29th counted and not
        "CET-1CEST,59,J60 | 2028-02-29T01:00:00Z | 2028-03-01T00:00:00Z",
        "CET-1CEST,59,J60 | 2100-03-01T01:00:00Z | 2100-03-01T00:00:00Z",
        // times of another day
        "CET-1CEST,M3.4.4/50,M10.4.4/50 | 2026-03-28T01:00:00Z | 2026-10-24T00:00:00Z",
        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0 | 2026-03-29T01:00:00Z | 2026-10-25T01:00:00Z",
        "CET-1CEST,M3.5.0/167:59:59,M10.5.0/-167 | 2026-04-04T22:59:59Z | 2026-10-17T23:00:00Z"
      })
  void changesWhenTheRuleSays(String rule, String toDaylight, String toStandard) {
    var zone = PosixTimeZone.parse(rule);
    long start = Moments.second(toDaylight);
    long end = Moments.second(toStandard);
    boolean north = start < end;
    assertThat(zone.typeAt(start).daylight()).isEqualTo(true);
    assertThat(zone.typeAt(start - 1).daylight()).isEqualTo(!north && start - 1 < end);
    assertThat(zone.typeAt(end).daylight()).isEqualTo(!north && end >= start);
    assertThat(zone.typeAt(end - 1).daylight()).isTrue();
  }

  @Test
  void hasNoYearBefore1970() {
    var north = PosixTimeZone.parse("CET-1CEST,M3.5.0,M10.5.0/3");
    assertThat(Moments.text(north, "1967-07-01T00:00:00Z")).isEqualTo("1967-07-01 01:00:00 CET");
    var south = PosixTimeZone.parse("NZST-12NZDT,M9.5.0,M4.1.0/3");
    assertThat(Moments.text(south, "1967-07-01T00:00:00Z")).isEqualTo("1967-07-01 13:00:00 NZDT");
  }
}
