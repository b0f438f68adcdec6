package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.node.NodeDirectory;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresServer;

/// `walstream check` over the WAL of real servers, and over servers and nodes that something is
/// wrong with.
@Timeout(600)
class CheckCommandIT {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void aServersWalIsGoodAndOneFlippedBitInItIsNot(int major) throws Exception {
    try (var server =
        PostgresServer.builder(major)
            .setting("wal_keep_size", "1GB")
            .setting("wal_recycle", "on")
            .walSegmentMegabytes(1)
            .start()) {
      server.sql("CREATE TABLE t AS SELECT g, md5(g::text) FROM generate_series(1, 60000) g");
      server.sql("SELECT pg_switch_wal()");
      server.sql("INSERT INTO t SELECT g, md5(g::text) FROM generate_series(1, 60000) g");
      server.kill9();
      Ran good = Ran.walstream("check", "--wal", server.dataDirectory().toString());
      assertThat(good.output()).contains("timeline 1: ", ": good\n").doesNotContain("gap:");
      assertThat(good.exitCode()).isZero();
      assertThat(Ran.walstream("check", "--wal", server.walDirectory().toString()).exitCode())
          .isZero();

      Path segment = segments(server.walDirectory()).get(2);
      byte[] content = Files.readAllBytes(segment);
      content[400_000] ^= 1;
      content[400_001] ^= 1;
      Files.write(segment, content);
      Ran bad = Ran.walstream("check", "--wal", server.dataDirectory().toString());
      assertThat(bad.output())
          .contains("damage: timeline 1: ", "in \"" + segment.getFileName() + "\" at offset ");
      assertThat(bad.exitCode()).isEqualTo(1);
      assertThat(
              Ran.walstream("check", "--json", "--wal", server.dataDirectory().toString()).output())
          .contains("\"good\": false", "\"kind\": \"damage\"", segment.getFileName().toString());
      Files.delete(segment);
      assertThat(Ran.walstream("check", "--wal", server.dataDirectory().toString()).output())
          .contains("gap: timeline 1: ");
    }
  }

  @Test
  void timelinesOfAPromotedStandbyAreGood() throws Exception {
    try (var primary = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start();
        var standby =
            PostgresServer.standbyOf(primary, primary.conninfo())
                .setting("wal_keep_size", "1GB")
                .start()) {
      primary.sql("CREATE TABLE t AS SELECT g FROM generate_series(1, 100000) g");
      standby.promote();
      standby.sql("INSERT INTO t SELECT g FROM generate_series(1, 300000) g");
      standby.sql("SELECT pg_switch_wal()");
      standby.stopFast();
      Ran ran = Ran.walstream("check", "--wal", standby.walDirectory().toString());
      assertThat(ran.output()).contains("timeline 1: ", "timeline 2: ", ": good\n");
      assertThat(ran.exitCode()).isZero();
    }
  }

  private static List<Path> segments(Path walDirectory) throws IOException {
    try (var files = Files.list(walDirectory)) {
      return files
          .filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
          .sorted()
          .toList();
    }
  }

  @Test
  void anUpstreamIsLookedAtBeforeAnythingStreams() throws Exception {
    try (var server = PostgresServer.builder(18).start()) {
      String conninfo = server.conninfo();
      Ran ran = Ran.walstream("check", "-d", conninfo);
      assertThat(ran.output())
          .contains("ok       upstream       PostgreSQL 18")
          .contains("warning  slot           no slot, and the upstream's wal_keep_size is 0")
          .contains("ok       clock          the upstream's clock agrees")
          .contains("ok       senders        0 of 50 WAL senders are in use")
          .endsWith("0 errors, 1 warnings\n");
      assertThat(ran.exitCode()).isZero();

      ran = Ran.walstream("check", "-d", conninfo, "--slot", "nosuch");
      assertThat(ran.output())
          .contains("error    slot           replication slot \"nosuch\" does not exist")
          .contains("pg_create_physical_replication_slot('nosuch', true)");
      assertThat(ran.exitCode()).isEqualTo(1);

      server.sql("CREATE ROLE plain LOGIN");
      ran = Ran.walstream("check", "-d", conninfo + " user=plain");
      assertThat(ran.output()).contains("error    upstream", "ALTER ROLE ... REPLICATION");
      assertThat(ran.exitCode()).isEqualTo(1);

      ran = Ran.walstream("check", "--json", "-d", "host=127.0.0.1 port=1 user=x");
      assertThat(ran.output())
          .contains("\"level\": \"error\"", "listen_addresses", "\"errors\": 1");
      assertThat(ran.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void aNodeIsLookedAtBeforeItStarts() throws Exception {
    try (var server = PostgresServer.builder(18).start();
        var port = PortReservation.any()) {
      var node = new NodeDirectory(directory.resolve("relay"));
      node.create(
          List.of(
              "port = " + port.port(),
              "primary_conninfo = '" + server.conninfo() + "'",
              "primary_slot_name = 'relay'"));
      String path = node.path().toString();
      Ran ran = Ran.walstream("check", "-D", path);
      assertThat(ran.output())
          .contains("ok       configuration", "warning  users", "walstream passwd -D ")
          .contains("note     process        not running", "note     wal            no WAL yet")
          .contains("ok       disk", "error    slot           replication slot \"relay\"");
      assertThat(ran.exitCode()).isEqualTo(1);

      server.sql("SELECT pg_create_physical_replication_slot('relay', true)");
      Files.writeString(node.usersFile(), "\"standby\" \"\" replication\n");
      Files.writeString(node.hbaFile(), "host replication standby 127.0.0.1/32 trust\n");
      ran = Ran.walstream("check", "-D", path);
      assertThat(ran.output()).contains("0 errors, 0 warnings");
      assertThat(ran.exitCode()).isZero();

      Files.writeString(node.configurationFile(), "wal_keep_size = many\n");
      ran = Ran.walstream("check", "-D", path);
      assertThat(ran.output()).contains("error    configuration", "line 1");
      assertThat(ran.exitCode()).isEqualTo(1);
    }
  }
}
