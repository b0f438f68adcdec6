package org.walstream.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `walstream reload`: makes a running node read its files again. Counterpart of `pg_ctl reload`.
final class ReloadCommand implements Subcommand {

  @Override
  public String name() {
    return "reload";
  }

  @Override
  public String summary() {
    return "make a running node read its configuration again";
  }

  @Override
  public int run(List<String> arguments) {
    return OptionParser.run(name(), new Options(), arguments);
  }

  @Command(
      name = "walstream reload",
      sortOptions = false,
      header = {
        "Makes a running node read walstream.conf, pg_hba.conf and users again.",
        "Files with errors change nothing; the node's log says what was wrong.",
        "",
        "Example:",
        "  walstream reload -D relay",
        ""
      })
  static final class Options implements Callable<Integer> {

    @Option(
        names = {"-D", "--directory"},
        paramLabel = "DIR",
        required = true,
        description = "the node's directory")
    Path directory = Path.of("");

    @Override
    public Integer call() throws Exception {
      RunningNode.of(directory).reload();
      System.out.println("node signaled");
      return 0;
    }
  }
}
