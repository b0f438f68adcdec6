package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresBinaries;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.testkit.ScratchDirectory;

/// The command sequences of docs/operations.md, run as they stand there by a shell: only names of
/// hosts, users and moments are others.
@Timeout(600)
class OperationsIT {

  private static final int MAJOR = 18;

  /// Of everything that the commands may leave running, who follows before who is followed.
  private static final List<String> PID_FILES =
      List.of(
          "standby1/postmaster.pid",
          "standby2/postmaster.pid",
          "relay/walstream.pid",
          "data/postmaster.pid");

  /// The block of shell commands that is called so; several of the same name are one.
  private static String block(String name) throws IOException {
    Path document = Path.of("..", "docs", "operations.md");
    Matcher block =
        Pattern.compile("```sh " + name + "\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(document));
    var commands = new StringBuilder();
    while (block.find()) {
      commands.append(block.group(1));
    }
    assertThat(commands).as("a block \"%s\"", name).isNotEmpty();
    return commands.toString();
  }

  /// A directory in which the commands are run, and what is different there.
  private record Place(ScratchDirectory scratch, PostgresServer primary, int port)
      implements AutoCloseable {

    void run(String blocks, Map<String, String> names) throws Exception {
      String commands = blocks;
      for (var name : names.entrySet()) {
        assertThat(commands).contains(name.getKey());
        commands = commands.replace(name.getKey(), name.getValue());
      }
      Path script = scratch.path().resolve("commands.sh");
      Files.writeString(script, "set -e\n" + functions() + commands);
      Process shell =
          new ProcessBuilder("bash", script.toString())
              .directory(scratch.path().toFile())
              .redirectErrorStream(true)
              .redirectOutput(scratch.path().resolve("said").toFile())
              .start();
      boolean ended = shell.waitFor(10, TimeUnit.MINUTES);
      if (!ended) {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
      }
      assertThat(ended && shell.exitValue() == 0)
          .as(commands + Files.readString(scratch.path().resolve("said")))
          .isTrue();
    }

    /// `walstream`, `psql` and `pg_ctl` of this test. A server does not run as root.
    private String functions() {
      String java = String.join("' '", CrashProcess.javaCommand(List.of(), Main.class.getName()));
      String bin = PostgresBinaries.of(MAJOR).toString();
      return """
      walstream() { '%s' "$@"; }
      psql() { :; }
      pg_ctl() {
        echo "port = %d" >> data/postgresql.conf
        echo "unix_socket_directories = ''" >> data/postgresql.conf
        if [ "$(id -u)" = 0 ]; then
          owner=$(stat -c %%U '%s'); chown -R "$owner" data
          touch postgres.log; chown "$owner" postgres.log
          su "$owner" -s /bin/sh -c "'%s/pg_ctl' $*" > /dev/null
        else
          '%s/pg_ctl' "$@" > /dev/null
        fi
      }
      """
          .formatted(java, port, primary.dataDirectory(), bin, bin);
    }

    String sql(String query) throws Exception {
      return OperationsIT.sql(port, query);
    }

    /// Ends whatever runs in the directory.
    @Override
    public void close() throws IOException {
      for (String pidFile : PID_FILES) {
        Path pid = scratch.path().resolve(pidFile);
        if (Files.exists(pid)) {
          ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).getFirst().strip()))
              .ifPresent(process -> {
                process.destroy();
                process.onExit().orTimeout(2, TimeUnit.MINUTES).join();
              });
        }
      }
      scratch.close();
    }
  }

  private static String sql(int port, String query) throws Exception {
    try (var connection =
            java.sql.DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/postgres?preferQueryMode=simple".formatted(port),
                "postgres",
                "");
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  private static PostgresServer primary() {
    var primary = PostgresServer.builder(MAJOR).start();
    primary.sql("CREATE TABLE t (id int)");
    primary.sql("INSERT INTO t VALUES (1)");
    return primary;
  }

  private static String now(PostgresServer primary) {
    return primary.sql("SELECT clock_timestamp()");
  }

  @Test
  void aWarmStandby() throws Exception {
    try (var primary = primary();
        var port = PortReservation.any();
        var place = new Place(ScratchDirectory.create("operations"), primary, port.port())) {
      place.run(
          block("warm-standby").replace("--slot standby1", "--slot standby1 -c port=" + port.port())
              + "disown -a\n",
          Map.of("host=primary user=replicator", primary.conninfo()));
      primary.sql("INSERT INTO t VALUES (2)");
      Eventually.holds(
          "the standby answers",
          () -> place.sql("SELECT pg_last_wal_replay_lsn() > '0/0'").equals("t"));
      Eventually.holds(
          "all is replayed",
          () ->
              primary
                  .sql(
                      "SELECT bool_and(replay_lsn = pg_current_wal_lsn()) FROM pg_stat_replication")
                  .equals("t"));
      primary.stopFast();
      place.run(block("fail-over"), Map.of());
      assertThat(place.sql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t")).isEqualTo("1 2");
    }
  }

  @Test
  void aRelayWithTlsFromNothing() throws Exception {
    Optional<PostgresTools> tools = PostgresTools.forTest(MAJOR, "pg_basebackup");
    assumeTrue(tools.isPresent(), PostgresTools.missing(MAJOR, "pg_basebackup"));
    try (var primary =
            PostgresServer.builder(MAJOR)
                .hba(
                    "local all all trust",
                    "host all postgres 127.0.0.1/32 trust",
                    "host all postgres ::1/128 trust")
                .start();
        var relay = PortReservation.any();
        var first = PortReservation.any();
        var second = PortReservation.any();
        var place = new Place(ScratchDirectory.create("operations"), primary, first.port())) {
      primary.sql("CREATE TABLE t (id int)");
      place.run(
          serversOfTheirOwn(primary, tools.get(), first.port(), second.port())
              + block("relay-with-tls")
              + "disown -a\n",
          Map.of(
              "host=primary",
              "host=localhost port=" + primary.port(),
              "host=relay port=5433",
              "host=localhost port=" + relay.port(),
              "-p 5433",
              "-p " + relay.port(),
              "CN=primary -addext subjectAltName=DNS:primary",
              "CN=localhost -addext subjectAltName=DNS:localhost",
              "CN=relay -addext subjectAltName=DNS:relay",
              "CN=localhost -addext subjectAltName=DNS:localhost"));
      primary.sql("INSERT INTO t VALUES (1)");
      for (int standby : List.of(first.port(), second.port())) {
        Eventually.holds(
            "the standby has what the primary has",
            () -> sql(standby, "SELECT count(*) FROM t").equals("1"));
        assertThat(
                sql(
                    standby,
                    """
                    SELECT status || ' ' || sender_port FROM pg_stat_wal_receiver
                    WHERE conninfo LIKE '%sslmode=verify-full%'
                      AND conninfo LIKE '%channel_binding=require%'
                    """))
            .isEqualTo("streaming " + relay.port());
      }
      assertThat(
              primary.sql(
                  """
                  SELECT usename || ' ' || version FROM pg_stat_replication
                  JOIN pg_stat_ssl USING (pid) JOIN pg_replication_slots ON active_pid = pid
                  """))
          .isEqualTo("relay TLSv1.3");
    }
  }

  /// The shell's functions where each server has a port of its own, none runs as root, and the
  /// primary's directory has another name.
  private static String serversOfTheirOwn(
      PostgresServer primary, PostgresTools tools, int first, int second) {
    return """
    ln -s '%s' primary
    owner=$(stat -c %%U primary/PG_VERSION)
    give() { if [ "$(id -u)" = 0 ]; then chown -R "$owner" "$@"; fi; }
    as_owner() {
      if [ "$(id -u)" = 0 ]; then su "$owner" -s /bin/sh -c 'exec "$0" "$@"' -- "$@"; else "$@"; fi
    }
    psql() { '%s/psql' -X -q "$@"; }
    pg_basebackup() { '%s/pg_basebackup' "$@"; }
    openssl() { command openssl "$@"; give primary/server.*; }
    pg_ctl() {
      if [ "$1" = start ]; then
        if [ "$3" = standby1 ]; then port=%d; else port=%d; fi
        printf '%%s\n' "port = $port" "unix_socket_directories = ''" >> $3/postgresql.auto.conf
        touch $5
        give $3 $5
      fi
      as_owner '%s/pg_ctl' "$@" > /dev/null
    }
    """
        .formatted(
            primary.dataDirectory(),
            tools.bin(),
            tools.bin(),
            first,
            second,
            PostgresBinaries.of(MAJOR));
  }

  @Test
  void aDelayedStandby() throws Exception {
    try (var primary = primary();
        var port = PortReservation.any();
        var place = new Place(ScratchDirectory.create("operations"), primary, port.port())) {
      place.run(
          "walstream standby -D data --primary '%s' -c hot_standby=off 2> standby.log & "
                  .formatted(primary.conninfo())
              + "until grep -q 'redo starts' standby.log; do sleep 0.2; done\n"
              + "kill -INT $(head -1 data/postmaster.pid); wait\n"
              + block("delayed").replace("-D data 2>", "-D data -c hot_standby=off 2>")
              + "disown -a\n",
          Map.of());
      primary.sql("INSERT INTO t VALUES (2)");
      String before = now(primary);
      primary.sql("DROP TABLE t");
      Eventually.holds(
          "all is received",
          () ->
              primary
                  .sql("SELECT bool_and(flush_lsn = pg_current_wal_lsn()) FROM pg_stat_replication")
                  .equals("t"));
      place.run(
          block("before-the-accident")
              .replace("; wait", "; while [ -e data/postmaster.pid ]; do sleep 0.1; done"),
          Map.of("2026-11-27 11:59:59+00", before));
      assertThat(place.sql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t")).isEqualTo("1 2");
    }
  }

  @Test
  void aRestore() throws Exception {
    try (var archive = ArchiveFolder.create();
        var primary =
            PostgresServer.builder(MAJOR)
                .setting("archive_mode", "on")
                .setting("archive_command", "cp %%p %s/%%f".formatted(archive.path()))
                .start();
        var port = PortReservation.any();
        var backup = PostgresServer.standbyOf(primary, "").setting("archive_mode", "off").create();
        var place = new Place(ScratchDirectory.create("operations"), primary, port.port())) {
      Files.delete(backup.dataDirectory().resolve("standby.signal"));
      primary.sql("CREATE TABLE t (id int)");
      primary.sql("INSERT INTO t VALUES (1)");
      String moment = now(primary);
      primary.sql("DROP TABLE t");
      primary.sql("SELECT pg_switch_wal()");
      primary.stopFast();
      place.run(
          block("restore")
              .replace("cp -a backup data", "cp -a '%s' data".formatted(backup.dataDirectory()))
              .replace("cp archive/", "cp %s/".formatted(archive.path()))
              .replace("-D data -c", "-D data -c hot_standby=off -c"),
          Map.of("2026-11-27 11:59:59+00", moment));
      assertThat(place.sql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t")).isEqualTo("1");
    }
  }
}
