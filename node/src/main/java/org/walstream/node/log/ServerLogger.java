package org.walstream.node.log;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/// The logger of one class. Its part in the line is the last word of its package: `receive`,
/// `send`, `store`.
final class ServerLogger extends LegacyAbstractLogger {

  @Serial private static final long serialVersionUID = 1;

  private final String part;

  ServerLogger(String name) {
    this.name = name;
    String[] words = name.split("\\.");
    this.part = words.length > 2 ? words[2] : words[words.length - 1];
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String pattern,
      Object @Nullable [] arguments,
      @Nullable Throwable cause) {
    String message = MessageFormatter.basicArrayFormat(pattern, arguments);
    LogSink.write(Severity.of(level), part, cause == null ? message : message + ": " + cause);
    if (cause != null && isDebugEnabled()) {
      cause.printStackTrace();
    }
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  public boolean isTraceEnabled() {
    return false;
  }

  @Override
  public boolean isDebugEnabled() {
    return LogSink.isEnabled(Severity.DEBUG1);
  }

  @Override
  public boolean isInfoEnabled() {
    return LogSink.isEnabled(Severity.LOG);
  }

  @Override
  public boolean isWarnEnabled() {
    return LogSink.isEnabled(Severity.WARNING);
  }

  @Override
  public boolean isErrorEnabled() {
    return LogSink.isEnabled(Severity.ERROR);
  }
}
