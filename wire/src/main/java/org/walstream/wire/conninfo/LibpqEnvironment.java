package org.walstream.wire.conninfo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.walstream.wire.ByteText;

/// What libpq looks at beside the connection string: environment variables, the operating system's
/// user, the home directory. Tests make their own; programs use [#ofProcess].
///
/// @param variables their values as [ByteText]
/// @param warnings takes the warnings that libpq prints to standard error
public record LibpqEnvironment(
    Map<String, String> variables, LocalUser user, Consumer<String> warnings) {

  /// Surroundings in which the user has a name and a home.
  public LibpqEnvironment(
      Map<String, String> variables, String userName, Path home, Consumer<String> warnings) {
    this(variables, new LocalUser(-1, Optional.of(userName), Optional.of(home)), warnings);
  }

  /// The surroundings of this process.
  public static LibpqEnvironment ofProcess(Consumer<String> warnings) {
    return new LibpqEnvironment(processVariables(), LocalUser.ofProcess(), warnings);
  }

  /// The kernel's copy of the variables where there is one: Java decodes them by the locale, and in
  /// the locale C a password loses what is not ASCII.
  private static Map<String, String> processVariables() {
    byte[] block;
    try {
      block = Files.readAllBytes(Path.of("/proc/self/environ"));
    } catch (IOException notLinux) {
      return System.getenv();
    }
    var variables = new HashMap<String, String>();
    for (String variable : ByteText.of(block).split("\0", -1)) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        variables.putIfAbsent(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return Collections.unmodifiableMap(variables);
  }

  /// A variable's value; empty when it is not set.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name));
  }

  /// Where `.pgpass` and `.pg_service.conf` are: `$HOME`, or the passwd entry's directory; empty
  /// when there is neither, and then those files are not there.
  public Optional<Path> home() {
    return variable("HOME").filter(home -> !home.isEmpty()).map(Path::of).or(user::home);
  }

  void warn(String message) {
    warnings.accept(message);
  }
}
