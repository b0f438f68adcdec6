package org.walstream.cli.line;

import java.util.Map;

/// The value of `-c`: a parameter and what it is set to, as postgres takes it. A dash in the name
/// is an underscore.
public final class Assignment {

  private Assignment() {}

  /// Reads `NAME=VALUE` into `parameters`, in the place of an earlier value.
  ///
  /// @throws UsageException in PostgreSQL's words
  public static void put(String assignment, Map<String, String> parameters) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new UsageException("-c %s requires a value".formatted(assignment));
    }
    parameters.put(
        assignment.substring(0, equals).replace('-', '_'), assignment.substring(equals + 1));
  }
}
