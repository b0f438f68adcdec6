package org.walstream.wire;

import java.io.IOException;

/// A server has answered with an ErrorResponse. The message reads as libpq prints it, `ERROR:
/// what`, with detail and hint on lines of their own; programs go by [#sqlState].
public final class PostgresException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String severity;
  private final String sqlState;
  private final String primaryMessage;
  private final String detail;
  private final String hint;

  public PostgresException(
      String severity, String sqlState, String primaryMessage, String detail, String hint) {
    super(text(severity, primaryMessage, detail, hint));
    this.severity = severity;
    this.sqlState = sqlState;
    this.primaryMessage = primaryMessage;
    this.detail = detail;
    this.hint = hint;
  }

  private static String text(String severity, String message, String detail, String hint) {
    return severity
        + ":  "
        + message
        + (detail.isEmpty() ? "" : "\nDETAIL:  " + detail)
        + (hint.isEmpty() ? "" : "\nHINT:  " + hint);
  }

  /// `ERROR`, after which the session goes on, `FATAL` or `PANIC`, after which it does not.
  public String severity() {
    return severity;
  }

  public String sqlState() {
    return sqlState;
  }

  /// The message alone, without severity, detail and hint.
  public String primaryMessage() {
    return primaryMessage;
  }

  /// Empty when the server gave none.
  public String detail() {
    return detail;
  }

  /// Empty when the server gave none.
  public String hint() {
    return hint;
  }
}
