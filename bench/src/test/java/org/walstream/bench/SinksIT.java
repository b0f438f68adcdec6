package org.walstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;

class SinksIT {

  @Test
  void receiveAsMuchWalAsTheyWant() throws Exception {
    try (var server = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start()) {
      var start = Lsn.parse(server.sql("SELECT pg_current_wal_lsn()")).value();
      server.sql("CREATE TABLE t AS SELECT repeat('x', 100) FROM generate_series(1, 50000)");
      var end = Lsn.parse(server.sql("SELECT pg_current_wal_flush_lsn()")).value();
      var segment = start - start % (16 << 20);
      try (var sinks = Sinks.connect(server.port(), "postgres", 3, end - segment)) {
        assertThat(sinks.drain(segment)).isPositive();
        var sent =
            """
            SELECT count(*) FROM pg_stat_replication
            WHERE application_name = 'sink' AND sent_lsn >= '%s'
            """
                .formatted(Lsn.format(end));
        assertThat(server.sql(sent)).isEqualTo("3");
      }
    }
  }

  @Test
  void refusalIsReportedInTheServersWords() {
    try (var server = PostgresServer.builder(18).start()) {
      assertThatThrownBy(() -> Sinks.connect(server.port(), "nobody", 1, 1).close())
          .hasMessageContaining("role \"nobody\" does not exist");
    }
  }
}
