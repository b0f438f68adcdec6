package org.walstream.wal.rmgrdesc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.walstream.wal.PgTimestamp;

class TimestampTextTest {

  private static final long MOMENT = PgTimestamp.micros(Instant.parse("2026-07-24T13:34:52.0120Z"));

  @Test
  void pgWaldumpWritesLocalTimeWithSixDigits() {
    var text = TimestampText.ofPgWaldump(ZoneId.of("Europe/Berlin"));
    assertThat(text.format(MOMENT)).isEqualTo("2026-07-24 15:34:52.012000 CEST");
    assertThat(text.format(MOMENT + 1)).isEqualTo("2026-07-24 15:34:52.012001 CEST");
    assertThat(text.format(0)).isEqualTo("2000-01-01 01:00:00.000000 CET");
    assertThat(text.format(-1)).isEqualTo("2000-01-01 01:00:00.-00001 CET");
  }

  @Test
  void serverWritesAsManyDigitsAsItNeeds() {
    var text = TimestampText.ofServer();
    assertThat(text.format(MOMENT)).isEqualTo("2026-07-24 13:34:52.012+00");
    assertThat(text.format(0)).isEqualTo("2000-01-01 00:00:00+00");
    assertThat(text.format(-1)).isEqualTo("1999-12-31 23:59:59.999999+00");
    assertThat(text.format(-63_113_904_000_000_001L)).isEqualTo("0002-12-31 23:59:59.999999+00 BC");
    assertThat(text.format(Long.MAX_VALUE)).isEqualTo("infinity");
    assertThat(text.format(Long.MIN_VALUE)).isEqualTo("-infinity");
    assertThat(text.format(Long.MIN_VALUE + 1)).isEqualTo("(timestamp out of range)");
    assertThat(text.format(Long.MAX_VALUE - 1)).isEqualTo("294277-01-09 04:00:54.775806+00");
  }
}
