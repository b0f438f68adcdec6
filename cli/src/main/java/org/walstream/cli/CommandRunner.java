package org.walstream.cli;

import java.io.PrintStream;
import java.util.List;
import org.walstream.cli.line.AnsweredException;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.HelpText;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.cli.line.WrongOptionException;

/// Runs one command from its line to its exit code. The one place that tells what was wrong, in the
/// manner of PostgreSQL's tools: a wrong command line is exit code 1 with a pointer to `--help`.
public final class CommandRunner {

  private final Program program;
  private final PrintStream out;
  private final Diagnostics diagnostics;

  public CommandRunner(Program program, PrintStream out, PrintStream errors) {
    this.program = program;
    this.out = out;
    this.diagnostics = new Diagnostics(program.name(), errors);
  }

  /// @return the exit code
  public int run(Subcommand command, List<String> arguments) {
    try {
      CommandTable table = command.table();
      command.operands(table.read(arguments, given -> take(given, command)));
      return command.run(diagnostics);
    } catch (AnsweredException e) {
      out.print(e.answer());
      return 0;
    } catch (WrongOptionException e) {
      diagnostics.info(e.getMessage());
      diagnostics.tryHelp();
    } catch (UsageException e) {
      diagnostics.error(e.getMessage());
      diagnostics.detail(e.detail());
      diagnostics.tryHelp();
    } catch (CommandFailure e) {
      diagnostics.error(e.getMessage());
      diagnostics.detail(e.detail());
    } catch (Exception e) {
      diagnostics.error(Failures.describe(e));
    }
    return 1;
  }

  private void take(Given given, Subcommand command) {
    if (given.option().equals(Option.HELP)) {
      throw new AnsweredException(help(command.table()));
    }
    if (given.option().equals(Option.VERSION)) {
      throw new AnsweredException(program.version() + "\n");
    }
    command.take(given);
  }

  private String help(CommandTable table) {
    CommandTable.Tool tool = table.tool();
    return program.isTool() && tool != null ? HelpText.ofTool(table, tool) : HelpText.of(table);
  }

  /// For a command that takes so many operands.
  ///
  /// @throws UsageException in PostgreSQL's words
  public static void refuseMoreThan(int count, List<String> operands) {
    if (operands.size() > count) {
      throw new UsageException(
          "too many command-line arguments (first is \"%s\")".formatted(operands.get(count)));
    }
  }
}
