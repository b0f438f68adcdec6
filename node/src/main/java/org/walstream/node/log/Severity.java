package org.walstream.node.log;

import java.util.Locale;
import org.slf4j.event.Level;

/// PostgreSQL's severities, as far as a node uses them, and the SLF4J level each stands for.
public enum Severity {
  DEBUG1,
  LOG,
  WARNING,
  ERROR;

  static Severity of(Level level) {
    return switch (level) {
      case TRACE, DEBUG -> DEBUG1;
      case INFO -> LOG;
      case WARN -> WARNING;
      case ERROR -> ERROR;
    };
  }

  /// Reads a value of `log_min_messages`.
  public static Severity ofSetting(String value) {
    return valueOf(value.toUpperCase(Locale.ROOT));
  }
}
