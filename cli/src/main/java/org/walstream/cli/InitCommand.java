package org.walstream.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.walstream.node.NodeDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `walstream init`: makes the directory of a node. Counterpart of initdb.
final class InitCommand implements Subcommand {

  @Override
  public String name() {
    return "init";
  }

  @Override
  public String summary() {
    return "make the directory of a node";
  }

  @Override
  public int run(List<String> arguments) {
    return OptionParser.run(name(), new Options(), arguments);
  }

  @Command(
      name = "walstream init",
      mixinStandardHelpOptions = false,
      sortOptions = false,
      header = {
        "Makes the directory of a node: a relay that receives, keeps and sends WAL.",
        "",
        "Example:",
        "  walstream init -D relay --primary-conninfo 'host=primary user=repl'",
        ""
      })
  static final class Options implements Callable<Integer> {

    @Option(
        names = {"-D", "--directory"},
        paramLabel = "DIR",
        required = true,
        description = "the directory to make")
    Path directory = Path.of("");

    @Option(
        names = "--primary-conninfo",
        paramLabel = "CONNINFO",
        description = "the server WAL comes from; written to walstream.conf")
    @Nullable String primaryConninfo;

    @Option(
        names = {"-p", "--port"},
        paramLabel = "PORT",
        description = "the port to listen on (default 5432)")
    @Nullable Integer port;

    @Override
    public Integer call() throws Exception {
      var settings = new ArrayList<String>();
      if (primaryConninfo != null) {
        settings.add(
            "primary_conninfo = '"
                + primaryConninfo.replace("\\", "\\\\").replace("'", "''")
                + "'");
      }
      if (port != null) {
        settings.add("port = " + port);
      }
      new NodeDirectory(directory).create(settings);
      System.out.println(
          """
          Made node directory "%s". Next:

              walstream passwd -D %s --replication NAME   # a user for standbys
              walstream run -D %s
          """
              .formatted(directory, directory, directory)
              .stripTrailing());
      return 0;
    }
  }
}
