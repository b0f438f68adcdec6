package org.walstream.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.node.NodeDirectory;
import org.walstream.node.ShellWord;

/// `walstream init`: makes the directory of a node. Counterpart of initdb.
final class InitCommand implements Subcommand {

  private static final CommandTable TABLE =
      CommandTable.of("init", "[OPTION]...")
          .about("Makes the directory of a node: a relay that receives, keeps and sends WAL.")
          .example("walstream init -D relay --primary-conninfo 'host=primary user=repl'")
          .section(
              "Options",
              NodeOption.row("the directory to make"),
              Option.value('p', "port", "PORT", "the port to listen on (default: 5432)"),
              Option.value(
                  "primary-conninfo",
                  "CONNINFO",
                  "the server WAL comes from; written to walstream.conf"),
              Option.VERSION,
              Option.HELP)
          .build();

  private final NodeOption node = new NodeOption();
  private final List<String> settings = new ArrayList<>();

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    switch (given.name()) {
      case "directory" -> node.take(given);
      case "port" -> settings.add("port = " + given.integer(1, RunCommand.PORT_MAX));
      case "primary-conninfo" -> settings.add("primary_conninfo = " + quoted(given.value()));
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
    Path directory = node.directory();
    new NodeDirectory(directory).create(settings);
    String word = ShellWord.quoted(directory.toString());
    System.out.println(
        """
        Made node directory "%s". Next:

            walstream passwd -D %s --replication NAME   # a user for standbys
            walstream run -D %s
        """
            .formatted(directory, word, word)
            .stripTrailing());
    return 0;
  }

  /// A string as the configuration file writes it.
  private static String quoted(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
