package org.walstream.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PgTimestampTest {

  @Test
  void countsMicrosecondsSinceTheYear2000() {
    var instant = Instant.parse("2026-11-24T10:00:00.123456789Z");
    assertThat(PgTimestamp.micros(Instant.parse("2000-01-01T00:00:01Z"))).isEqualTo(1_000_000);
    assertThat(PgTimestamp.of(instant)).hasToString("2026-11-24 10:00:00.123456 UTC");
    assertThat(PgTimestamp.of(instant).toInstant())
        .isEqualTo(Instant.parse("2026-11-24T10:00:00.123456Z"));
    assertThat(new PgTimestamp(-1)).hasToString("1999-12-31 23:59:59.999999 UTC");
  }

  @Test
  void endsInInfinity() {
    assertThat(PgTimestamp.INFINITY).hasToString("infinity");
    assertThat(PgTimestamp.MINUS_INFINITY).hasToString("-infinity");
    assertThat(PgTimestamp.MINUS_INFINITY).isLessThan(PgTimestamp.INFINITY);
    assertThat(PgTimestamp.INFINITY.toInstant()).isAfter(Instant.parse("9999-01-01T00:00:00Z"));
  }
}
