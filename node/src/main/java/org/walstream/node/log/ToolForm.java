package org.walstream.node.log;

import java.time.Instant;

/// A line as PostgreSQL's tools write it (src/common/logging.c).
///
/// ```
/// pg_receivewal: warning: segment file "…" has incorrect size 5, skipping
/// ```
///
/// @param program what the tool is called
record ToolForm(String program) implements LogForm {

  @Override
  public String line(Instant time, Severity severity, String part, String message) {
    String word =
        switch (severity) {
          case WARNING -> "warning: ";
          case ERROR, FATAL, PANIC -> "error: ";
          default -> "";
        };
    return program + ": " + word + message;
  }
}
