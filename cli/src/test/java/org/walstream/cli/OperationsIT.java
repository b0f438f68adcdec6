package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
import org.walstream.testkit.ScratchDirectory;

/// The command sequences of docs/operations.md, run as they stand there by a shell: only names of
/// hosts, users and moments are others.
@Timeout(300)
class OperationsIT {

  private static final int MAJOR = 18;

  /// The block of shell commands that is called so.
  private static String block(String name) throws IOException {
    Path document = Path.of("..", "docs", "operations.md");
    Matcher block =
        Pattern.compile("```sh " + name + "\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(document));
    assertThat(block.find()).as("a block \"%s\"", name).isTrue();
    return block.group(1);
  }

  /// A directory in which the commands are run, and what is different there.
  private record Place(ScratchDirectory scratch, PostgresServer primary, int port)
      implements AutoCloseable {

    Path data() {
      return scratch.path().resolve("data");
    }

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
      boolean ended = shell.waitFor(120, TimeUnit.SECONDS);
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

    /// Ends whatever runs in the directory.
    @Override
    public void close() throws IOException {
      Path pid = data().resolve("postmaster.pid");
      if (Files.exists(pid)) {
        ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).getFirst().strip()))
            .ifPresent(process -> {
              process.destroy();
              process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
            });
      }
      scratch.close();
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
