package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.node.Node;
import org.walstream.node.NodeDirectory;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresServer;

/// `walstream status` of a relay and of the servers on both of its sides.
@Timeout(600)
class StatusCommandIT {

  @TempDir Path directory;

  @Test
  void tellsHowItIsAndSaysSoByItsExitCode() throws Exception {
    try (var primary = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start();
        var port = PortReservation.any()) {
      var relay = new NodeDirectory(directory.resolve("relay"));
      relay.create(
          List.of(
              "port = " + port.port(),
              "listen_addresses = '127.0.0.1'",
              "wal_retrieve_retry_interval = '200ms'",
              "primary_conninfo = '" + primary.conninfo() + "'"));
      Files.writeString(relay.hbaFile(), "host all,replication all 127.0.0.1/32 trust\n");
      Files.writeString(relay.usersFile(), "\"postgres\" \"\" replication monitor\n");
      String path = relay.path().toString();
      assertThat(Ran.walstream("status", "-D", path, "-U", "postgres"))
          .isEqualTo(new Ran(3, path + ": no node is running\n", ""));
      assertThat(Ran.walstream("status", "127.0.0.1:1", "-U", "x").exitCode()).isEqualTo(1);

      try (var node = Node.start(relay, Map.of())) {
        Eventually.holds(
            "all is well",
            () -> Ran.walstream("status", "-D", path, "-U", "postgres").exitCode() == 0);
        try (var standby =
            PostgresServer.standbyOf(
                    primary, "host=127.0.0.1 port=%d user=postgres".formatted(port.port()))
                .setting("cluster_name", "s1")
                .start()) {
          Eventually.holds(
              "the standby streams",
              () ->
                  Ran.walstream("status", "-U", "postgres", "127.0.0.1:" + port.port())
                      .output()
                      .matches("(?s).*standby +s1 +streaming .*"));
          Ran ran =
              Ran.walstream(
                  "status",
                  "--json",
                  "-D",
                  path,
                  "-U",
                  "postgres",
                  primary.conninfo(),
                  standby.conninfo());
          assertThat(ran.exitCode()).as(ran.toString()).isZero();
          assertThat(ran.output())
              .contains(
                  "\"well\": true", "\"status\": \"streaming\"", "\"application_name\": \"s1\"")
              .contains("\"application_name\": \"walstream\"", "\"disk_free\": ")
              .doesNotContain("\"well\": false");
        }
        primary.stopFast();
        Eventually.holds(
            "something is not well",
            () -> Ran.walstream("status", "-D", path, "-U", "postgres").exitCode() == 2);
        Ran ran = Ran.walstream("status", "-D", path, "-U", "postgres");
        assertThat(ran.output())
            .contains("upstream: ", "127.0.0.1:" + primary.port(), "  log       ");
        assertThat(node.port()).isEqualTo(port.port());
      }
    }
  }

  /// An archive that only serves what it has, beside a standby that lives on an archive.
  @Test
  void whoeverIsToReceiveNothingIsWell() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var standby = PostgresServer.standbyOf(primary, primary.conninfo()).start();
        var port = PortReservation.any()) {
      var archive = new NodeDirectory(directory.resolve("archive"));
      archive.create(List.of("port = " + port.port(), "listen_addresses = '127.0.0.1'"));
      Files.writeString(archive.hbaFile(), "host all all 127.0.0.1/32 trust\n");
      Files.writeString(archive.usersFile(), "\"postgres\" \"\" monitor\n");
      standby.sql("ALTER SYSTEM SET primary_conninfo = ''");
      standby.sql("SELECT pg_reload_conf()");
      Eventually.holds(
          "nothing is received",
          () -> standby.sql("SELECT count(*) FROM pg_stat_wal_receiver").equals("0"));
      try (var node = Node.start(archive, Map.of())) {
        assertThat(node.port()).isEqualTo(port.port());
        for (Ran ran :
            List.of(
                Ran.walstream("status", "-D", archive.path().toString(), "-U", "postgres"),
                Ran.walstream("status", standby.conninfo()))) {
          assertThat(ran.output()).contains(", well\n", "upstream  none (primary_conninfo");
          assertThat(ran.exitCode()).as(ran.toString()).isZero();
        }
        Ran stranger = Ran.walstream("status", "-D", archive.path().toString(), "-U", "nobody");
        assertThat(stranger.exitCode()).isEqualTo(1);
        assertThat(stranger.output())
            .startsWith(
                archive.path()
                    + ": node is running (PID: "
                    + ProcessHandle.current().pid()
                    + "), but cannot be asked: ");
      }
    }
  }
}
