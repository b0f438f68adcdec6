package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.testkit.ScratchDirectory;

/// What pg_receivewal prints and how it ends, which alert rules know, beside ours in the same
/// situation, word by word; only positions differ, and what it says twice in a row we say once.
@Timeout(600)
class ReceiveWordsIT {

  /// One of the two programs.
  private interface Tool {
    CrashProcess start(List<String> arguments);
  }

  private record Ended(int exitCode, String errors) {}

  /// One situation: brought about for one of the programs, which has a directory of its own.
  private interface Scene {
    Ended play(Tool tool, Path directory) throws Exception;
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void endsAndFailuresAreToldAsPgReceivewalTellsThem(int major) throws Exception {
    assumeThat(PostgresTools.find(major)).as("pg_receivewal is installed").isPresent();
    try (var scratch = ScratchDirectory.create("words");
        var server =
            PostgresServer.builder(major)
                .walSegmentMegabytes(1)
                .setting("max_wal_size", "2MB")
                .setting("min_wal_size", "2MB")
                .hba(
                    "local all all trust",
                    "host all all 127.0.0.1/32 trust",
                    "host replication postgres 127.0.0.1/32 trust",
                    "host replication known 127.0.0.1/32 scram-sha-256")
                .start()) {
      server.sql("CREATE TABLE t (i int)");
      server.sql("CREATE ROLE known LOGIN REPLICATION PASSWORD 'right'");
      String quiet = major > 15 ? "TERM" : "INT"; // PostgreSQL 15's dies of TERM
      var stage = new Stage(server, scratch.path());
      stage.compare("slots", (tool, directory) -> slots(stage, tool));
      stage.compare(
          "no slot",
          (tool, directory) -> stage.run(tool, "-D", directory.toString(), "-S", "none", "-n"));
      stage.compare("an end", (tool, directory) -> toAnEnd(stage, tool, directory));
      stage.compare(
          "no slot to go on",
          (tool, directory) ->
              stage.run(tool, "-D", directory.toString(), "-S", "none", "-n", "-v"));
      stage.compare("INT", (tool, directory) -> signalled(stage, tool, directory, "INT", "-v"));
      stage.compare(
          "no more words than that",
          (tool, directory) -> signalled(stage, tool, directory, quiet, "-n"));
      stage.compare(
          "sender terminated",
          (tool, directory) ->
              broken(
                  stage,
                  tool,
                  directory,
                  () -> server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")));
      stage.compare(
          "shutdown", (tool, directory) -> broken(stage, tool, directory, server::stopFast));
      stage.compare(
          "crash", (tool, directory) -> broken(stage, tool, directory, server::stopImmediate));
      stage.compare("password", (tool, directory) -> wrongPassword(stage, tool, directory));
      removeWal(server);
      stage.compare(
          "WAL removed", (tool, directory) -> stage.run(tool, "-D", directory.toString(), "-n"));
    }
  }

  private static Ended slots(Stage stage, Tool tool) throws Exception {
    var errors = new StringBuilder();
    errors.append(stage.run(tool, "--create-slot", "-S", "s"));
    errors.append(stage.server.sql("SELECT restart_lsn IS NULL FROM pg_replication_slots"));
    errors.append(stage.run(tool, "--create-slot", "-S", "s"));
    errors.append(stage.run(tool, "--create-slot", "-S", "s", "--if-not-exists"));
    errors.append(stage.run(tool, "--create-slot", "-S", "Not-allowed"));
    errors.append(stage.run(tool, "--drop-slot", "-S", "s", "-v"));
    errors.append(stage.run(tool, "--drop-slot", "-S", "s"));
    return new Ended(0, errors.toString());
  }

  private static Ended toAnEnd(Stage stage, Tool tool, Path directory) throws Exception {
    String end = stage.server.sql("SELECT pg_current_wal_insert_lsn()");
    try (var process = stage.start(tool, "-D", directory.toString(), "-n", "-v", "-E", end)) {
      process.awaitPrinted("starting log streaming");
      stage.server.sql("INSERT INTO t VALUES (1)");
      return stage.ended(process);
    }
  }

  private static Ended signalled(Stage stage, Tool tool, Path directory, String signal, String more)
      throws Exception {
    try (var process = stage.start(tool, "-D", directory.toString(), "--synchronous", more)) {
      stage.awaitStreaming();
      process.signal(signal);
      return stage.ended(process);
    }
  }

  private static Ended broken(Stage stage, Tool tool, Path directory, Runnable how)
      throws Exception {
    try (var process = stage.start(tool, "-D", directory.toString(), "--synchronous", "-n")) {
      stage.awaitStreaming();
      how.run();
      Ended ended = stage.ended(process);
      if (!stage.server.isRunning()) {
        stage.server.start();
      }
      return ended;
    }
  }

  private static Ended wrongPassword(Stage stage, Tool tool, Path directory) throws Exception {
    Path file = stage.scratch.resolve("pgpass");
    Files.writeString(file, "*:*:*:known:wrong\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    String conninfo =
        "host=127.0.0.1 port=%d user=known passfile=%s".formatted(stage.server.port(), file);
    try (var process =
        tool.start(List.of("-d", conninfo, "-w", "-D", directory.toString(), "-n"))) {
      return stage.ended(process);
    }
  }

  private static void removeWal(PostgresServer server) {
    for (int i = 0; i < 12; i++) {
      server.sql("INSERT INTO t VALUES (1)");
      server.sql("SELECT pg_switch_wal()");
    }
    server.sql("CHECKPOINT");
    server.sql("CHECKPOINT");
  }

  /// A server, and the two programs that are tried on it, each with the directory that the scenes
  /// before have left.
  private record Stage(PostgresServer server, Path scratch) {

    void compare(String what, Scene scene) throws Exception {
      PostgresTools tools = PostgresTools.require(server.major());
      Tool theirs =
          arguments ->
              CrashProcess.start(tools.command("pg_receivewal", arguments.toArray(String[]::new)));
      Tool ours =
          arguments ->
              CrashProcess.start(
                  CrashProcess.javaCommand(
                      List.of(
                          "--enable-native-access=ALL-UNNAMED", "-Dwalstream.name=pg_receivewal"),
                      "org.walstream.cli.Main",
                      arguments.toArray(String[]::new)));
      Ended expected = scene.play(theirs, directory("theirs"));
      assertThat(scene.play(ours, directory("ours"))).as(what).isEqualTo(expected);
    }

    private Path directory(String name) throws IOException {
      return Files.createDirectories(scratch.resolve(name));
    }

    CrashProcess start(Tool tool, String... arguments) {
      var words =
          new ArrayList<>(List.of("-h", "127.0.0.1", "-p", "" + server.port(), "-U", "postgres"));
      words.addAll(List.of(arguments));
      return tool.start(words);
    }

    Ended run(Tool tool, String... arguments) throws Exception {
      try (var process = start(tool, arguments)) {
        return ended(process);
      }
    }

    Ended ended(CrashProcess process) {
      int exitCode = process.awaitExit();
      return new Ended(exitCode, normalized(process.errors()));
    }

    /// Until something has come and is in the file.
    void awaitStreaming() {
      Eventually.holds(
          "somebody streams",
          () -> server.sql("SELECT count(*) FROM pg_stat_replication").equals("1"));
      server.sql("INSERT INTO t VALUES (1)");
      String end = server.sql("SELECT pg_current_wal_flush_lsn()");
      Eventually.holds(
          "the receiver has it all",
          () ->
              server
                  .sql("SELECT flush_lsn >= '%s' FROM pg_stat_replication".formatted(end))
                  .equals("t"));
    }

    private static String normalized(String errors) {
      var lines = new ArrayList<String>();
      for (String line :
          errors
              .replaceAll("[0-9A-F]+/[0-9A-F]+", "LSN")
              .replaceAll("[0-9A-F]{24}", "SEGMENT")
              .lines()
              .toList()) {
        if (!lines.contains(line)) {
          lines.add(line);
        }
      }
      return lines.stream().collect(Collectors.joining("\n"));
    }
  }
}
