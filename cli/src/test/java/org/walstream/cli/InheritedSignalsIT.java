package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;

/// Signals reach who was started with them ignored: in the background by a shell without job
/// control (SIGINT), under nohup (SIGHUP), or by a supervisor (any).
@Timeout(600)
class InheritedSignalsIT {

  /// A program that a script has started in the background, and the shell that waits for it.
  private record Job(CrashProcess shell, long pid) implements AutoCloseable {

    private static final Pattern STARTED = Pattern.compile("job (\\d+)\n");

    /// @param before what the script does first
    static Job start(String before, List<String> words) {
      var script = before + "; \"$@\" & echo \"job $!\"; wait $!; echo \"exit $?\"";
      var command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
      command.addAll(words);
      var shell = CrashProcess.start(command);
      shell.awaitPrinted("job ");
      shell.awaitPrinted("\n");
      Matcher started = STARTED.matcher(shell.output());
      assertThat(started.find()).isTrue();
      return new Job(shell, Long.parseLong(started.group(1)));
    }

    static Job walstream(String before, String... arguments) {
      return start(
          before, CrashProcess.javaCommand(List.of(), "org.walstream.cli.Main", arguments));
    }

    void signal(String name) throws Exception {
      var kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
      assertThat(kill.waitFor()).isZero();
    }

    @Override
    public void close() {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      shell.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void receiveEndsInOrder(String signal) throws Exception {
    try (var scratch = ScratchDirectory.create("signals");
        var server = PostgresServer.builder(18).start();
        var job =
            Job.walstream(
                "trap '' TERM",
                "receive",
                "-v",
                "-D",
                scratch.path().toString(),
                "-d",
                server.conninfo())) {
      job.shell().awaitPrinted("starting log streaming");
      job.signal(signal);
      job.shell().awaitPrinted("exit 0\n");
      job.shell().awaitPrinted("received interrupt signal, exiting"); // on the other stream
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aNodeReloadsAndStops(String signal, @TempDir Path directory) throws Exception {
    Path node = directory.resolve("node");
    assertThat(Ran.walstream("init", "-D", node.toString()).exitCode()).isZero();
    try (var job = Job.walstream("trap '' HUP TERM", "run", "-p", "0", "-D", node.toString())) {
      job.shell().awaitPrinted("ready to accept connections");
      job.signal("HUP");
      job.shell().awaitPrinted("received SIGHUP, reloading configuration files");
      job.signal(signal);
      job.shell().awaitPrinted("exit 0\n");
    }
  }

  @Test
  void aFollowedDumpIsInterrupted() throws Exception {
    try (var server = PostgresServer.builder(18).start();
        var job = Job.walstream(":", "waldump", "-f", "-d", server.conninfo())) {
      job.shell().awaitPrinted("rmgr: ");
      job.signal("INT");
      job.shell().awaitPrinted("exit 0\n");
    }
  }
}
