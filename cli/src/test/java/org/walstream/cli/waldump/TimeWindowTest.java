package org.walstream.cli.waldump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.cli.UsageException;
import org.walstream.wal.PgTimestamp;

class TimeWindowTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-24 10:00, 2026-11-24T09:00:00Z",
    "2026-11-24T10:00:05, 2026-11-24T09:00:05Z",
    "2026-11-24 10:00:05.25, 2026-11-24T09:00:05.250Z",
    "2026-11-24 10:00:05.000123+00, 2026-11-24T10:00:05.000123Z",
    "2026-11-24 10:00:05+05:30, 2026-11-24T04:30:05Z",
    "2026-11-24T10:00:05Z, 2026-11-24T10:00:05Z",
    "2026-11-24 10:00:05.000123 UTC, 2026-11-24T10:00:05.000123Z"
  })
  void readsMomentsAsPostgresqlPrintsThem(String text, Instant moment) {
    long micros = TimeWindow.parse(text, "--from", ZoneId.of("Europe/Berlin"));
    assertThat(PgTimestamp.instant(micros)).isEqualTo(moment);
  }

  @Test
  void refusesWhatIsNoMoment() {
    assertThatThrownBy(() -> TimeWindow.parse("yesterday", "--to", ZoneId.of("UTC")))
        .isInstanceOf(UsageException.class)
        .hasMessage("invalid value \"yesterday\" for option --to");
  }
}
