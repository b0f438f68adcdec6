package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;

/// `walstream receive` as a process: signals, exit codes, what it prints.
@Timeout(600)
class ReceiveCommandIT {

  private static CrashProcess receive(PostgresServer server, String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "receive", "-h", "127.0.0.1", "-p", "" + server.port(), "-U", "postgres", "-v"));
    arguments.addAll(List.of(more));
    return CrashProcess.java("org.walstream.cli.Main", arguments.toArray(String[]::new));
  }

  private static void awaitFlushed(PostgresServer server) {
    Eventually.holds(
        "the server knows that the receiver has it all",
        () ->
            server
                .sql(
                    "SELECT flush_lsn >= pg_current_wal_flush_lsn() FROM pg_stat_replication"
                        + " WHERE application_name = 'pg_receivewal'")
                .equals("t"));
  }

  @Test
  void behavesAsPgReceivewalDoes() throws Exception {
    try (var scratch = ScratchDirectory.create("receive");
        var server = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start()) {
      Path directory = scratch.path();
      try (var create = receive(server, "--create-slot", "-S", "s")) {
        assertThat(create.awaitExit()).isZero();
        assertThat(create.errors())
            .isEqualTo("walstream receive: creating replication slot \"s\"\n");
      }
      try (var again = receive(server, "--create-slot", "-S", "s")) {
        assertThat(again.awaitExit()).isEqualTo(1);
        assertThat(again.errors()).contains("replication slot \"s\" already exists");
      }
      try (var first = receive(server, "-D", directory.toString(), "-S", "s", "--synchronous")) {
        first.awaitPrinted("walstream receive: starting log streaming at 0/");
        server.sql("CREATE TABLE t AS SELECT generate_series(1, 10000) i");
        awaitFlushed(server);
        try (var second = receive(server, "-D", directory.toString(), "-n")) {
          assertThat(second.awaitExit()).as("one writer per directory").isEqualTo(1);
        }
        first.kill9();
      }
      try (var next = receive(server, "-D", directory.toString(), "-S", "s", "--no-loop")) {
        next.awaitPrinted("starting log streaming");
        server.sql("INSERT INTO t SELECT generate_series(1, 10000)");
        awaitFlushed(server);
        next.signal("INT");
        assertThat(next.awaitExit()).isZero();
        assertThat(next.errors())
            .contains("walstream receive: received interrupt signal, exiting\n")
            .endsWith(".partial\", segment is not complete\n");
      }
      String end = server.sql("SELECT pg_current_wal_flush_lsn()");
      try (var toTheEnd = receive(server, "-D", directory.toString(), "-n", "-E", end)) {
        server.sql("INSERT INTO t VALUES (1)");
        assertThat(toTheEnd.awaitExit()).isZero();
        assertThat(toTheEnd.errors()).contains("walstream receive: stopped log streaming at 0/");
      }
      try (var files = Files.list(directory)) {
        assertThat(files.map(file -> String.valueOf(file.getFileName())))
            .anyMatch(name -> name.endsWith(".partial"));
      }
      try (var drop = receive(server, "--drop-slot", "-S", "s")) {
        assertThat(drop.awaitExit()).isZero();
      }
    }
  }
}
