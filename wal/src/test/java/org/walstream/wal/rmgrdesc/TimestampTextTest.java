package org.walstream.wal.rmgrdesc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.time.PosixTimeZone;
import org.walstream.wal.time.TimeZoneRules;

class TimestampTextTest {

  private static final long MOMENT = PgTimestamp.micros(Instant.parse("2026-07-24T13:34:52.0120Z"));

  @Test
  void pgWaldumpWritesLocalTimeWithSixDigits() {
    var text = TimestampText.ofPgWaldump(PosixTimeZone.parse("CET-1CEST,M3.5.0,M10.5.0/3"));
    assertThat(format(text, MOMENT)).isEqualTo("2026-07-24 15:34:52.012000 CEST");
    assertThat(format(text, MOMENT + 1)).isEqualTo("2026-07-24 15:34:52.012001 CEST");
    assertThat(format(text, 0)).isEqualTo("2000-01-01 01:00:00.000000 CET");
    assertThat(format(text, -1)).isEqualTo("2000-01-01 01:00:00.-00001 CET");
  }

  @Test
  void pgWaldumpPadsNoYear() {
    var text = TimestampText.ofPgWaldump(TimeZoneRules.utc());
    assertThat(format(text, Long.MAX_VALUE)).isEqualTo("294277-01-09 04:00:54.775807 UTC");
    assertThat(format(text, Long.MIN_VALUE)).isEqualTo("-290278-12-22 19:59:06.-775808 UTC");
    assertThat(format(text, PgTimestamp.micros(Instant.parse("0005-04-19T09:46:40Z"))))
        .isEqualTo("5-04-19 09:46:40.000000 UTC");
  }

  private static String format(TimestampText timestamps, long micros) {
    return new RecordText(timestamps).timestamp(micros).toString();
  }

  @Test
  void serverWritesAsManyDigitsAsItNeeds() {
    var text = TimestampText.ofServer();
    assertThat(format(text, MOMENT)).isEqualTo("2026-07-24 13:34:52.012+00");
    assertThat(format(text, 0)).isEqualTo("2000-01-01 00:00:00+00");
    assertThat(format(text, -1)).isEqualTo("1999-12-31 23:59:59.999999+00");
    assertThat(format(text, -63_113_904_000_000_001L))
        .isEqualTo("0002-12-31 23:59:59.999999+00 BC");
    assertThat(format(text, Long.MAX_VALUE)).isEqualTo("infinity");
    assertThat(format(text, Long.MIN_VALUE)).isEqualTo("-infinity");
    assertThat(format(text, Long.MIN_VALUE + 1)).isEqualTo("(timestamp out of range)");
    assertThat(format(text, Long.MAX_VALUE - 1)).isEqualTo("294277-01-09 04:00:54.775806+00");
  }
}
