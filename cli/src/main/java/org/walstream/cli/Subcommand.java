package org.walstream.cli;

import java.util.List;

/// One command of the program, `walstream NAME …`. Commands of other modules are found as services
/// of this type (`META-INF/services/org.walstream.cli.Subcommand`).
public interface Subcommand {

  String name();

  /// One line for `walstream help`, lower case, no full stop.
  String summary();

  /// Runs to the end.
  ///
  /// @param arguments what follows the command's name
  /// @return the exit code: 0 success, 1 failure
  int run(List<String> arguments) throws Exception;
}
