package org.walstream.cli;

import java.util.List;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.UsageException;

/// One command of the program, `walstream NAME …`. Commands of other modules are found as services
/// of this type (`META-INF/services/org.walstream.cli.Subcommand`).
///
/// Made anew for each call, and told in this order: each option where it stands, the operands, run.
public interface Subcommand {

  /// Its command line, and what its help says.
  CommandTable table();

  /// Takes an option of the table; `--help` and `--version` are answered before. A command that has
  /// no others is never told any.
  ///
  /// @throws UsageException when the value is none for it
  default void take(Given given) {
    throw new IllegalStateException(given.name());
  }

  /// Takes what is no option, and looks whether all that was given goes together.
  ///
  /// @throws UsageException when it does not
  default void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(0, operands);
  }

  /// Whether it listens to others while it runs: then its process ends at once when it has run.
  default boolean serves() {
    return false;
  }

  /// Runs to the end. What it throws is told on standard error, with exit code 1.
  ///
  /// @return the exit code: 0 success, 1 failure
  int run(Diagnostics diagnostics) throws Exception;
}
