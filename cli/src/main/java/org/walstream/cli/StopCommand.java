package org.walstream.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `walstream stop`: stops a running node and waits until it has. Counterpart of `pg_ctl stop`.
final class StopCommand implements Subcommand {

  private static final Duration POLL = Duration.ofMillis(50);

  @Override
  public String name() {
    return "stop";
  }

  @Override
  public String summary() {
    return "stop a running node";
  }

  @Override
  public int run(List<String> arguments) {
    return OptionParser.run(name(), new Options(), arguments);
  }

  @Command(
      name = "walstream stop",
      sortOptions = false,
      header = {
        "Stops a running node: its standbys get every byte it has, then it ends.",
        "",
        "Example:",
        "  walstream stop -D relay",
        ""
      })
  static final class Options implements Callable<Integer> {

    @Option(
        names = {"-D", "--directory"},
        paramLabel = "DIR",
        required = true,
        description = "the node's directory")
    Path directory = Path.of("");

    @Option(
        names = {"-t", "--timeout"},
        paramLabel = "SECS",
        description = "seconds to wait (default 60)")
    int timeoutSeconds = 60;

    @Override
    public Integer call() throws Exception {
      var node = RunningNode.of(directory);
      node.stop();
      long deadline = System.nanoTime() + Duration.ofSeconds(timeoutSeconds).toNanos();
      while (node.isAlive()) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException("node (PID %d) does not stop".formatted(node.pid()));
        }
        Thread.sleep(POLL);
      }
      System.out.println("node stopped");
      return 0;
    }
  }
}
