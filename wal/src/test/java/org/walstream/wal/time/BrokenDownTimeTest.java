package org.walstream.wal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BrokenDownTimeTest {

  private final BrokenDownTime time = new BrokenDownTime(TimeZoneRules.utc());

  @Test
  void isTheCalendarsDate() {
    var format = DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ROOT);
    var random = new SplittableRandom(4711);
    for (int i = 0; i < 20_000; i++) {
      long second = random.nextLong(-60_000_000_000L, 250_000_000_000L); // years 68 to 9892
      assertThat(time.set(second)).isTrue();
      var expected = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
      assertThat(time.dateAndTimeOfLocale())
          .isEqualTo(format.format(expected).replaceFirst(" 0+(\\d+)$", " $1"));
    }
  }

  @Test
  void writesYearsAsTheyAre() {
    time.set(-62_000_000_000L);
    assertThat(time.dateAndTime()).isEqualTo("5-04-19 09:46:40");
    time.set(-62_167_219_201L);
    assertThat(time.dateAndTime()).isEqualTo("-1-12-31 23:59:59");
    time.set(253_402_300_800L);
    assertThat(time.dateAndTime()).isEqualTo("10000-01-01 00:00:00");
  }

  @Test
  void endsWhereTheYearOfTheCLibraryDoes() {
    assertThat(time.set(67_768_036_191_676_799L)).isTrue();
    assertThat(time.set(67_768_036_191_676_800L)).isFalse();
    assertThat(time.set(-67_768_040_609_740_800L)).isTrue();
    assertThat(time.dateAndTime()).isEqualTo("-2147481748-01-01 00:00:00");
    assertThat(time.set(-67_768_040_609_740_801L)).isFalse();
    assertThat(time.set(Long.MAX_VALUE)).isFalse();
    assertThat(time.set(Long.MIN_VALUE)).isFalse();
  }
}
