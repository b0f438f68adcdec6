package org.walstream.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;

/// The option that says which node a command is about.
final class NodeOption {

  private @Nullable Path directory;

  static Option row(String help) {
    return Option.value('D', "directory", "DIR", help);
  }

  void take(Given given) {
    directory = Path.of(given.value());
  }

  /// @throws UsageException when it was not given
  Path directory() {
    if (directory == null) {
      throw new UsageException("no node directory specified");
    }
    return directory;
  }
}
