package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresServer;

/// What somebody installs the program for: a node relays from a real server to a real standby, and
/// a receiver archives what comes through it.
final class MainJob {

  private final Function<List<String>, List<String>> command;

  /// @param command the command line of a `walstream` with these words
  MainJob(Function<List<String>, List<String>> command) {
    this.command = command;
  }

  /// @param data a directory that the program may write to, by the name that it has for it
  /// @param seen the same directory as this test sees it
  void relaysAndArchives(String data, Path seen) throws Exception {
    String node = data + "/node";
    try (var primary = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start();
        var port = PortReservation.any()) {
      String number = Integer.toString(port.port());
      walstream("init", "-D", node, "--primary-conninfo", primary.conninfo());
      Files.writeString(
          seen.resolve("node/pg_hba.conf"), "host all,replication all 127.0.0.1/32 trust\n");
      Files.writeString(seen.resolve("node/users"), "\"repl\" \"\" replication monitor\n");
      try (var relay =
          CrashProcess.start(command.apply(List.of("run", "-D", node, "-p", number)))) {
        relay.awaitPrinted("ready to accept connections");
        String conninfo = "host=127.0.0.1 user=repl port=" + number;
        try (var standby = PostgresServer.standbyOf(primary, conninfo).start()) {
          primary.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
          Eventually.holds(
              "the standby has t",
              () -> standby.sql("SELECT to_regclass('t') IS NOT NULL").equals("t"));
          archive(primary, conninfo, data, seen);
        }
      }
    }
  }

  private void archive(PostgresServer primary, String conninfo, String data, Path seen)
      throws Exception {
    String end = primary.sql("SELECT pg_current_wal_lsn()");
    String segment = primary.sql("SELECT pg_walfile_name('%s')".formatted(end));
    primary.sql("INSERT INTO t SELECT generate_series(1, 1000)");
    walstream("receive", "-n", "-D", data, "-d", conninfo, "-E", end);
    assertThat(seen.resolve(segment + ".partial")).isNotEmptyFile();
  }

  private void walstream(String... words) throws Exception {
    PackageBuild.run(command.apply(List.of(words)));
  }
}
