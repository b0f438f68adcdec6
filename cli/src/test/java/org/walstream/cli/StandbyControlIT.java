package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PrivateFile;
import org.walstream.wal.Lsn;
import org.walstream.wal.control.ControlFile;

/// What `pg_ctl` and administrators do to a standby: it tells `pg_ctl start -w` that it is there,
/// and `pg_ctl restart` how it was started; `pg_ctl stop -m immediate` ends it; `CHECKPOINT` makes
/// a restart point. (PostgreSQL's own tests do it with `pg_ctl` itself: scripts/standby-tap.)
@Timeout(600)
class StandbyControlIT {

  @Test
  void pgCtlKnowsItAndAnAdministratorMakesARestartPoint() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var home =
            PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=ours")
                .create()) {
      Path data = home.dataDirectory();
      PrivateFile.write(
          data.resolve("walstream.users"), "\"postgres\" \"\" superuser\n\"guest\" \"\"\n");
      try (var standby = RunningStandby.start(home, "--set=checkpoint_timeout=1h")) {
        standby.awaitSaid("started streaming WAL");
        Eventually.holds(
            "it has started, as pg_ctl sees it",
            () -> Files.readString(data.resolve("postmaster.pid")).endsWith("\nready   \n"));
        assertThat(Files.readAllLines(data.resolve("postmaster.pid"))).hasSize(8);
        assertThat(Files.readString(data.resolve("postmaster.opts")))
            .isEqualTo(
                "walstream \"standby\" \"-D\" \"%s\" \"--set=checkpoint_timeout=1h\" \"--workers=2\"\n"
                    .formatted(data.toAbsolutePath()));

        primary.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
        primary.sql("CHECKPOINT");
        RunningStandby.awaitReplayed(primary, "ours");
        String checkPoint = primary.sql("SELECT checkpoint_lsn FROM pg_control_checkpoint()");
        assertThat(checkPointOf(data)).isNotEqualTo(checkPoint);
        assertThat(home.sql("CHECKPOINT")).isEmpty();
        assertThat(checkPointOf(data)).isEqualTo(checkPoint);
        assertThat(home.sql("CHECKPOINT")).as("there is none to make").isEmpty();
        assertThatThrownBy(() -> asGuest(home, "CHECKPOINT"))
            .hasMessageContaining("permission denied to execute CHECKPOINT command");

        standby.quit();
        assertThat(data.resolve("postmaster.pid")).as("nothing more was done").exists();
      }
      try (var again = RunningStandby.start(home)) {
        again.awaitSaid("started streaming WAL");
        again.stop();
      }
    }
  }

  private static void asGuest(PostgresServer home, String statement) throws SQLException {
    try (var connection = DriverManager.getConnection(home.jdbcUrl(), "guest", "");
        var sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private static String checkPointOf(Path data) throws Exception {
    var control = ControlFile.parse(Files.readAllBytes(data.resolve("global/pg_control")));
    return Lsn.format(control.checkPointLsn());
  }
}
