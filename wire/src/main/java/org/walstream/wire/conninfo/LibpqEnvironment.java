package org.walstream.wire.conninfo;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What libpq looks at beside the connection string: environment variables, the operating system's
/// user, the home directory. Tests make their own; programs use [#ofProcess].
///
/// @param warnings takes the warnings that libpq prints to standard error
public record LibpqEnvironment(
    Map<String, String> variables, String userName, Path home, Consumer<String> warnings) {

  /// The surroundings of this process.
  public static LibpqEnvironment ofProcess(Consumer<String> warnings) {
    return new LibpqEnvironment(
        System.getenv(),
        System.getProperty("user.name"),
        Path.of(System.getProperty("user.home")),
        warnings);
  }

  /// A variable's value; empty when it is not set.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name));
  }

  void warn(String message) {
    warnings.accept(message);
  }
}
