package org.walstream.demo;

import java.util.List;
import java.util.concurrent.Callable;
import org.walstream.cli.OptionParser;
import org.walstream.cli.Subcommand;
import org.walstream.cli.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `walstream demo`.
public final class DemoCommand implements Subcommand {

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String summary() {
    return "primary, relay and standby on this machine: load, a kill, a proof";
  }

  @Override
  public int run(List<String> arguments) {
    return OptionParser.run(name(), new Options(), arguments);
  }

  @Command(
      name = "walstream demo",
      sortOptions = false,
      header = {
        "Shows Walstream at work: a PostgreSQL primary under load, a relay, a standby",
        "that streams from the relay. Then kills the primary and proves that the standby",
        "has every acknowledged row. Needs nothing but a JDK; deletes what it made.",
        "",
        "Example:",
        "  walstream demo --seconds 60",
        ""
      })
  static final class Options implements Callable<Integer> {

    @Option(
        names = "--seconds",
        paramLabel = "N",
        description = "how long the load runs (default ${DEFAULT-VALUE})")
    int seconds = 20;

    @Option(
        names = "--port",
        paramLabel = "PORT",
        description = "primary on PORT, relay on PORT+1, standby on PORT+2 (default any free ones)")
    int port;

    @Option(names = "--keep", description = "leave the servers' directories and say where they are")
    boolean keep;

    @Override
    public Integer call() throws Exception {
      if (seconds < 1) {
        throw new UsageException("--seconds must be in range 1..86400");
      }
      if (port < 0 || port > 65_533) {
        throw new UsageException("--port must be in range 1..65533");
      }
      return new Demo(new Screen(System.out), seconds, port, keep).run() ? 0 : 1;
    }
  }
}
