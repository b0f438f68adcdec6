package org.walstream.cli;

import java.util.List;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.cli.manual.BashCompletion;
import org.walstream.cli.manual.FishCompletion;
import org.walstream.cli.manual.ZshCompletion;

/// `walstream completion`: prints what makes a shell complete this program's command lines.
final class CompletionCommand implements Subcommand {

  private static final CommandTable TABLE =
      CommandTable.of("completion", "SHELL")
          .about(
              "Prints a script that makes a shell complete command lines: bash, zsh or fish.\n"
                  + "In bash: source <(walstream completion bash)")
          .example("walstream completion bash > walstream.bash")
          .section("Options", Option.VERSION, Option.HELP)
          .build();

  private String shell = "";

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(1, operands);
    if (operands.isEmpty()) {
      throw new UsageException("no shell specified", "Expecting bash, zsh or fish.");
    }
    shell = operands.getFirst();
    if (!List.of("bash", "zsh", "fish").contains(shell)) {
      throw new UsageException(
          "unrecognized shell \"%s\"".formatted(shell), "Expecting bash, zsh or fish.");
    }
  }

  @Override
  public int run(Diagnostics diagnostics) {
    var commands = Commands.documented();
    System.out.print(
        switch (shell) {
          case "bash" -> BashCompletion.text(commands);
          case "zsh" -> ZshCompletion.text(commands);
          default -> FishCompletion.text(commands);
        });
    return 0;
  }
}
