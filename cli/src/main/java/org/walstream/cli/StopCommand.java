package org.walstream.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;

/// `walstream stop`: stops a running node and waits until it has. Counterpart of `pg_ctl stop`.
final class StopCommand implements Subcommand {

  private static final Duration POLL = Duration.ofMillis(50);

  private static final CommandTable TABLE =
      CommandTable.of("stop", "[OPTION]...")
          .about("Stops a running node: its standbys get every byte it has, then it ends.")
          .example("walstream stop -D relay")
          .section(
              "Options",
              NodeOption.row("the node's directory"),
              Option.value('t', "timeout", "SECS", "seconds to wait (default: 60)"),
              Option.VERSION,
              Option.HELP)
          .build();

  private final NodeOption node = new NodeOption();
  private Duration timeout = Duration.ofSeconds(60);

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    switch (given.name()) {
      case "directory" -> node.take(given);
      case "timeout" -> timeout = Duration.ofSeconds(given.integer(0, Integer.MAX_VALUE));
      default -> throw new IllegalStateException(given.name());
    }
  }

  @Override
  public void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(0, operands);
    node.directory();
  }

  @Override
  public int run(Diagnostics diagnostics) throws Exception {
    var running = RunningNode.of(node.directory());
    running.stop();
    long deadline = System.nanoTime() + timeout.toNanos();
    while (running.isAlive()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("node (PID %d) does not stop".formatted(running.pid()));
      }
      Thread.sleep(POLL);
    }
    System.out.println("node stopped");
    return 0;
  }
}
