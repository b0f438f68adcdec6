package org.walstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PostgresServerIT {

  static final List<Integer> majors = PostgresBinaries.MAJORS;

  @ParameterizedTest
  @FieldSource("majors")
  void recoversWhatWasCommittedBeforeAKill(int major) {
    try (var server = PostgresServer.builder(major).start()) {
      assertThat(server.sql("SHOW server_version")).startsWith(major + ".");
      server.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");

      server.kill9();
      assertThat(server.isRunning()).isFalse();

      server.start();
      assertThat(server.sql("SELECT count(*) FROM t")).isEqualTo("1000");
      assertThat(server.log()).contains("automatic recovery in progress");
    }
  }

  @ParameterizedTest
  @FieldSource("majors")
  void standbyFollowsItsPrimaryAndIsPromoted(int major) {
    try (var primary = PostgresServer.builder(major).setting("wal_keep_size", "1GB").start();
        var standby = PostgresServer.standbyOf(primary, primary.conninfo()).start()) {
      primary.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
      Eventually.holds(
          "the table is on the standby",
          () -> standby.sql("SELECT count(*) FROM t").equals("1000"));

      primary.kill9();
      standby.promote();
      standby.sql("INSERT INTO t VALUES (1001)");
      assertThat(standby.sql("SELECT pg_walfile_name(pg_current_wal_lsn())"))
          .startsWith("00000002");
    }
  }

  @Test
  void fastStopLeavesAShutdownCheckpoint() {
    try (var server = PostgresServer.builder(18).start()) {
      server.stopFast();
      server.start();
      assertThat(server.log()).contains("database system was shut down at");
      server.stopImmediate();
      server.start();
      assertThat(server.log()).contains("database system was interrupted");
    }
  }

  @Test
  void everyServerIsAClusterOfItsOwn() {
    var identifier = "SELECT system_identifier FROM pg_control_system()";
    try (var one = PostgresServer.builder(18).start();
        var other = PostgresServer.builder(18).start()) {
      assertThat(one.sql(identifier)).isNotEqualTo(other.sql(identifier));
      assertThat(one.port()).isNotEqualTo(other.port());
    }
  }

  @Test
  void segmentSizeIsChosenAtInitdb() {
    try (var server = PostgresServer.builder(16).walSegmentMegabytes(1).start()) {
      assertThat(server.sql("SHOW wal_segment_size")).isEqualTo("1MB");
      var segment = server.sql("SELECT pg_walfile_name(pg_current_wal_lsn())");
      assertThat(server.walDirectory().resolve(segment)).hasSize(1 << 20);
    }
  }

  @Test
  void failedStartShowsTheLog() {
    var server = PostgresServer.builder(17).setting("shared_buffers", "lots").create();
    try (server) {
      assertThatThrownBy(server::start)
          .hasMessageContaining("could not start PostgreSQL 17")
          .hasMessageContaining("shared_buffers");
    }
  }

  @Test
  void closingDeletesTheFiles() {
    var server = PostgresServer.builder(15).start();
    server.close();
    assertThat(Files.exists(server.dataDirectory())).isFalse();
    assertThat(server.isRunning()).isFalse();
  }
}
