package org.walstream.cli;

import java.util.List;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;

/// `walstream reload`: makes a running node read its files again. Counterpart of `pg_ctl reload`.
final class ReloadCommand implements Subcommand {

  private static final CommandTable TABLE =
      CommandTable.of("reload", "[OPTION]...")
          .about(
              """
              Makes a running node read walstream.conf, pg_hba.conf and users again.
              Files with errors change nothing; the node's log says what was wrong.\
              """)
          .example("walstream reload -D relay")
          .section("Options", NodeOption.row("the node's directory"), Option.VERSION, Option.HELP)
          .build();

  private final NodeOption node = new NodeOption();

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    node.take(given);
  }

  @Override
  public void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(0, operands);
    node.directory();
  }

  @Override
  public int run(Diagnostics diagnostics) throws Exception {
    RunningNode.of(node.directory()).reload();
    System.out.println("node signaled");
    return 0;
  }
}
