package org.walstream.node.log;

import java.util.Locale;
import org.slf4j.event.Level;

/// PostgreSQL's severities in the order that its log goes by, where LOG stands above ERROR, and the
/// SLF4J level each stands for.
public enum Severity {
  DEBUG5,
  DEBUG4,
  DEBUG3,
  DEBUG2,
  DEBUG1,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  LOG,
  FATAL,
  PANIC;

  /// LOG is news, wherever it stands in the order.
  boolean tellsOfTrouble() {
    return this != LOG && compareTo(WARNING) >= 0;
  }

  /// PostgreSQL's table of levels of syslog ("Message Severity Levels" in its documentation).
  int syslogLevel() {
    return switch (this) {
      case DEBUG5, DEBUG4, DEBUG3, DEBUG2, DEBUG1 -> 7;
      case INFO, LOG -> 6;
      case NOTICE, WARNING -> 5;
      case ERROR -> 4;
      case FATAL -> 3;
      case PANIC -> 2;
    };
  }

  static Severity of(Level level) {
    return switch (level) {
      case TRACE -> DEBUG2;
      case DEBUG -> DEBUG1;
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
