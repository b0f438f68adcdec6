package org.walstream.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// Runs a command whose options are described by picocli annotations, in the manner of PostgreSQL's
/// tools: long options may be abbreviated, `--help` prints and exits 0, a wrong command line is
/// exit 1 with a pointer to `--help`.
public final class OptionParser {

  private static final int HELP_WIDTH = 80;

  private OptionParser() {}

  public static int run(String command, Callable<Integer> options, List<String> arguments) {
    var commandLine =
        new CommandLine(options)
            .addMixin("help", new HelpOption())
            .setAbbreviatedOptionsAllowed(true)
            .setUsageHelpWidth(HELP_WIDTH)
            .setUsageHelpAutoWidth(false)
            .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
            .setExpandAtFiles(false)
            .setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setParameterExceptionHandler(
        (e, args) -> refuse(command, Failures.describe(e), null));
    commandLine.setExecutionExceptionHandler((e, line, result) -> {
      if (e instanceof UsageException wrong) {
        return refuse(command, wrong.getMessage(), wrong.detail());
      }
      Diagnostics.of(command).error(Failures.describe(e));
      return 1;
    });
    return commandLine.execute(arguments.toArray(String[]::new));
  }

  private static int refuse(String command, String message, @Nullable String detail) {
    var diagnostics = Diagnostics.of(command);
    diagnostics.error(message);
    diagnostics.detail(detail);
    diagnostics.tryHelp();
    return 1;
  }
}
