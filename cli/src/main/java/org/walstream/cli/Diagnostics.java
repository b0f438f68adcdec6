package org.walstream.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.walstream.node.log.Journal;
import org.walstream.node.log.Severity;

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
    say(Severity.LOG, ": " + message);
  }

  public void warning(String message) {
    say(Severity.WARNING, ": warning: " + message);
  }

  public void error(String message) {
    say(Severity.FATAL, ": error: " + message);
  }

  public void detail(@Nullable String message) {
    if (message != null) {
      say(Severity.FATAL, ": detail: " + message);
    }
  }

  public void hint(@Nullable String message) {
    if (message != null) {
      say(Severity.FATAL, ": hint: " + message);
    }
  }

  private void say(Severity severity, String words) {
    out.println((System.err.equals(out) ? Journal.prefix(severity) : "") + program + words);
  }

  /// Says what every PostgreSQL tool says after a wrong command line.
  public void tryHelp() {
    hint("Try \"" + program + " --help\" for more information.");
  }
}
