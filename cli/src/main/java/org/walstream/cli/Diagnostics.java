package org.walstream.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/// What a command says on standard error, in the manner of PostgreSQL's tools
/// (src/common/logging.c):
///
/// ```
/// walstream receive: error: could not connect to server
/// walstream receive: detail: …
/// walstream receive: hint: …
/// ```
///
/// Thread-safe: each call writes whole lines.
public final class Diagnostics {

  private final String program;
  private final PrintStream out;

  /// @param program what each line begins with
  public Diagnostics(String program, PrintStream out) {
    this.program = program;
    this.out = out;
  }

  public void info(String message) {
    out.println(program + ": " + message);
  }

  public void warning(String message) {
    out.println(program + ": warning: " + message);
  }

  public void error(String message) {
    out.println(program + ": error: " + message);
  }

  public void detail(@Nullable String message) {
    if (message != null) {
      out.println(program + ": detail: " + message);
    }
  }

  public void hint(@Nullable String message) {
    if (message != null) {
      out.println(program + ": hint: " + message);
    }
  }

  /// Says what every PostgreSQL tool says after a wrong command line.
  public void tryHelp() {
    hint("Try \"" + program + " --help\" for more information.");
  }
}
