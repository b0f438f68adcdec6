package org.walstream.node.log;

import java.time.Instant;

/// How a line of the log looks. Thread-safe.
interface LogForm {

  /// The line, without its end.
  ///
  /// @param part of the program: receive, send, store
  String line(Instant time, Severity severity, String part, String message);
}
