package org.walstream.wal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TzifFileTest {

  private static CraftedTzif berlin() {
    return new CraftedTzif()
        .type(3208, false, "LMT")
        .type(3600, false, "CET")
        .type(7200, true, "CEST")
        .transition("1910-03-31T23:06:32Z", 1)
        .transition("1980-04-06T01:00:00Z", 2)
        .transition("1996-10-27T01:00:00Z", 1)
        .tail("\nCET-1CEST,M3.5.0,M10.5.0/3\n");
  }

  @Test
  void keepsTheSecondsOfAnOffset() {
    TzifFile zone = parse(berlin().version2());
    assertThat(Moments.text(zone, "1800-01-01T00:00:00Z")).isEqualTo("1800-01-01 00:53:28 LMT");
  }

  @Test
  void changesWithItsTransitions() {
    TzifFile zone = parse(berlin().version2());
    assertThat(Moments.text(zone, "1910-03-31T23:06:31Z")).isEqualTo("1910-03-31 23:59:59 LMT");
    assertThat(Moments.text(zone, "1910-03-31T23:06:32Z")).isEqualTo("1910-04-01 00:06:32 CET");
    assertThat(Moments.text(zone, "1980-04-06T00:59:59Z")).isEqualTo("1980-04-06 01:59:59 CET");
    assertThat(Moments.text(zone, "1980-04-06T01:00:00Z")).isEqualTo("1980-04-06 03:00:00 CEST");
  }

  @Test
  void followsTheFooterFromTheLastTransitionOn() {
    TzifFile zone = parse(berlin().version2());
    assertThat(Moments.text(zone, "1996-10-27T01:00:00Z")).isEqualTo("1996-10-27 02:00:00 CET");
    assertThat(Moments.text(zone, "2099-07-01T00:00:00Z")).isEqualTo("2099-07-01 02:00:00 CEST");
  }

  @Test
  void staysAtTheLastTypeWhereTheFooterIsEmpty() {
    for (String tail : new String[] {"\n\n", "xx", "\nx"}) {
      TzifFile zone = parse(berlin().tail(tail).version2());
      assertThat(Moments.text(zone, "2099-07-01T00:00:00Z")).isEqualTo("2099-07-01 01:00:00 CET");
    }
  }

  @Test
  void readsVersion1() {
    TzifFile zone = parse(berlin().version1());
    assertThat(Moments.text(zone, "1980-07-01T00:00:00Z")).isEqualTo("1980-07-01 02:00:00 CEST");
  }

  @Test
  void isItsFirstStandardTypeBeforeAnyTransition() {
    var zone = parse(new CraftedTzif().type(7200, true, "XST").type(60, false, "STD").version2());
    assertThat(Moments.text(zone, "2026-07-01T00:00:00Z")).isEqualTo("2026-07-01 00:01:00 STD");
    zone = parse(new CraftedTzif().type(7200, true, "XST").version2());
    assertThat(Moments.text(zone, "2026-07-01T00:00:00Z")).isEqualTo("2026-07-01 02:00:00 XST");
  }

  @Test
  void countsLeapSecondsWhereTheFileDoes() {
    var zone =
        parse(
            new CraftedTzif()
                .type(0, false, "UTC")
                .leapSecond(78_796_800, 1)
                .leapSecond(94_694_401, 2)
                .version2());
    assertThat(Moments.text(zone, 78_796_799)).isEqualTo("1972-06-30 23:59:59 UTC");
    assertThat(Moments.text(zone, 78_796_800)).isEqualTo("1972-06-30 23:59:60 UTC");
    assertThat(Moments.text(zone, 78_796_801)).isEqualTo("1972-07-01 00:00:00 UTC");
    assertThat(Moments.text(zone, 94_694_402)).isEqualTo("1973-01-01 00:00:00 UTC");
  }

  @Test
  void takesNothingForAZoneThatIsCutShort() {
    byte[] bytes = berlin().tail("\n\n").version2();
    for (int length = 0; length < bytes.length; length++) {
      assertThat(TzifFile.parse(Arrays.copyOf(bytes, length))).as("%d bytes", length).isNull();
    }
  }

  @Test
  void takesNothingForAZoneWhosePlacesPointNowhere() {
    assertThat(TzifFile.parse(berlin().transition("2000-01-01T00:00:00Z", 3).version2())).isNull();
    assertThat(TzifFile.parse(new CraftedTzif().version2())).isNull();
    assertThat(TzifFile.parse(berlin().standardFlags(0, 0, 0, 0).version2())).isNull();
  }

  private static TzifFile parse(byte[] bytes) {
    return Objects.requireNonNull(TzifFile.parse(bytes));
  }
}
