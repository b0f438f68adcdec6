package org.walstream.send.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.send.SqlType;
import org.walstream.wire.server.ServerError;

/// Parameters in binary are what results in binary are.
class ParameterTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INT2|-5",
        "INT4|70000",
        "INT8|-9000000000",
        "OID|4000000000",
        "XID8|18446744073709551615",
        "FLOAT8|1.5",
        "NUMERIC|0",
        "NUMERIC|-1.50",
        "NUMERIC|1180591620717411303424",
        "NUMERIC|0.00001",
        "NUMERIC|10000.0001",
        "NUMERIC|NaN",
        "BOOL|t",
        "PG_LSN|1/500",
        "DATE|1999-12-31",
        "UUID|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "INET|10.1.2.3",
        "INET|10.1.2.3/8",
        "INET|::1",
        "INET|2001:db8::1:0:0:1",
        "CIDR|10.0.0.0/8",
        "MACADDR|08:00:2b:01:02:03",
        "BYTEA|\\x00ff",
        "JSONB|{\"a\": 1}",
        "TEXT_ARRAY|{a,\"b c\",NULL,\"NULL\"}",
        "INT2_ARRAY|{1,2}",
        "INT4_ARRAY|{}",
        "NUMERIC_ARRAY|{1.50,-2}",
      })
  void areWhatWasSent(SqlType type, String text) throws ServerError {
    assertThat(ParameterText.of(BinaryFormat.of(type, text), 1, type.oid(), 1)).isEqualTo(text);
  }

  @Test
  void timesAndIntervalsAreRead() throws ServerError {
    assertThat(read(SqlType.TIME, "10:00:01")).isEqualTo("10:00:01");
    assertThat(read(SqlType.TIMESTAMP, "2026-01-02 03:04:05")).isEqualTo("2026-01-02T03:04:05");
    assertThat(read(SqlType.TIMESTAMPTZ, "2026-01-02 03:04:05+00"))
        .isEqualTo("2026-01-02T03:04:05Z");
    assertThat(read(SqlType.INTERVAL, "3 days -01:00:00.5")).isEqualTo("3 days -00:00:3600.500000");
  }

  private static String read(SqlType type, String text) throws ServerError {
    return String.valueOf(ParameterText.of(BinaryFormat.of(type, text), 1, type.oid(), 1));
  }

  @Test
  void bytesThatAreNoValueAreRefused() {
    for (var type : new SqlType[] {SqlType.INT4, SqlType.NUMERIC, SqlType.INET, SqlType.JSONB}) {
      assertThatThrownBy(() -> ParameterText.of(new byte[] {9, 9, 9}, 1, type.oid(), 2))
          .isInstanceOf(ServerError.class)
          .hasMessageContaining("incorrect binary data format in bind parameter 2");
    }
    byte[] huge = {0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 25, 127, 127, 127, 127, 0, 0, 0, 1};
    assertThatThrownBy(() -> ParameterText.of(huge, 1, SqlType.TEXT_ARRAY.oid(), 1))
        .isInstanceOf(ServerError.class);
  }
}
