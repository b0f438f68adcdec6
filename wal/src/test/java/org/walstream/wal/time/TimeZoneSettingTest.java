package org.walstream.wal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimeZoneSettingTest {

  private static final String NOON = "2026-07-24T12:00:00Z";

  private static final Map<String, byte[]> FILES =
      Map.of(
          "/etc/localtime", zone(60, "LOCAL"),
          "/usr/share/zoneinfo/Universal", zone(0, "UTC"),
          "/usr/share/zoneinfo/Asia/Kathmandu", zone(20_700, "+0545"),
          "/elsewhere/Asia/Kathmandu", zone(120, "ELSE"),
          "/elsewhere/GMT-8", zone(180, "FILE"),
          "/elsewhere/broken", new byte[] {'T', 'Z'});

  @Test
  void unsetIsTheMachinesZone() {
    assertThat(noon(null, null)).isEqualTo("2026-07-24 12:01:00 LOCAL");
  }

  @Test
  void emptyIsUtc() {
    assertThat(noon("", null)).isEqualTo("2026-07-24 12:00:00 UTC");
    assertThat(noon(":", null)).isEqualTo("2026-07-24 12:00:00 UTC");
  }

  @Test
  void nameIsAFile() {
    assertThat(noon("Asia/Kathmandu", null)).isEqualTo("2026-07-24 17:45:00 +0545");
    assertThat(noon(":Asia/Kathmandu", "")).isEqualTo("2026-07-24 17:45:00 +0545");
    assertThat(noon("Asia/Kathmandu", "/elsewhere")).isEqualTo("2026-07-24 12:02:00 ELSE");
  }

  @Test
  void pathIsAFile() {
    String path = "/elsewhere/Asia/Kathmandu";
    assertThat(noon(path, null)).isEqualTo("2026-07-24 12:02:00 ELSE");
    assertThat(noon(":" + path, null)).isEqualTo("2026-07-24 12:02:00 ELSE");
  }

  @Test
  void elseItIsARule() {
    assertThat(noon("GMT-8", null)).isEqualTo("2026-07-24 20:00:00 GMT");
    assertThat(noon(":GMT-8", null)).isEqualTo("2026-07-24 20:00:00 GMT");
    assertThat(noon("GMT-8", "/elsewhere")).isEqualTo("2026-07-24 12:03:00 FILE");
  }

  @Test
  void brokenFileIsNone() {
    assertThat(noon("broken", "/elsewhere")).isEqualTo("2026-07-24 12:00:00 broken");
    assertThat(noon("/elsewhere/broken", null)).isEqualTo("2026-07-24 12:00:00 ");
  }

  @Test
  void nothingAtAllIsUtc() {
    ZoneFiles none = path -> null;
    assertThat(Moments.text(new TimeZoneSetting(null, null).rules(none), NOON))
        .isEqualTo("2026-07-24 12:00:00 UTC");
    assertThat(Moments.text(new TimeZoneSetting("/etc/localtime", null).rules(none), NOON))
        .isEqualTo("2026-07-24 12:00:00 UTC");
    assertThat(Moments.text(new TimeZoneSetting("Europe/Berlin", null).rules(none), NOON))
        .isEqualTo("2026-07-24 12:00:00 Europe");
  }

  /// Not a sensible answer, but glibc's: 7:00 in UTC becomes 13:00, and 6:00 becomes 8:00.
  @Test
  void ruleWithoutChangesTakesThoseOfPosixrules() {
    byte[] newYork =
        new CraftedTzif()
            .type(-18_000, false, "EST")
            .type(-14_400, true, "EDT")
            .transition("1970-11-01T06:00:00Z", 0)
            .transition("2026-03-08T07:00:00Z", 1)
            .transition("2026-11-01T06:00:00Z", 0)
            .tail("\nEST5EDT,M3.2.0,M11.1.0\n")
            .version2();
    ZoneFiles files = path -> path.endsWith("/posixrules") ? newYork : null;
    for (String tz : new String[] {"CET-1CEST", ":CET-1CEST", "CET-1CEST,", "CET-1CEST-2"}) {
      TimeZoneRules rules = new TimeZoneSetting(tz, null).rules(files);
      assertThat(Moments.text(rules, "2026-03-08T12:59:59Z")).endsWith("13:59:59 CET");
      assertThat(Moments.text(rules, "2026-03-08T13:00:00Z")).endsWith("15:00:00 CEST");
      assertThat(Moments.text(rules, "2026-11-01T07:59:59Z")).endsWith("09:59:59 CEST");
      assertThat(Moments.text(rules, "2026-11-01T08:00:00Z")).endsWith("03:00:00 EST");
    }
    TimeZoneRules given = new TimeZoneSetting("CET-1CEST,M3.5.0,M10.5.0/3", null).rules(files);
    assertThat(Moments.text(given, "2026-03-29T01:00:00Z")).endsWith("03:00:00 CEST");
  }

  private static byte[] zone(int offset, String abbreviation) {
    return new CraftedTzif().type(offset, false, abbreviation).tail("\nXXX0\n").version2();
  }

  private static String noon(@Nullable String tz, @Nullable String tzdir) {
    return Moments.text(new TimeZoneSetting(tz, tzdir).rules(FILES::get), NOON);
  }
}
