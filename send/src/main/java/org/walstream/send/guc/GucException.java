package org.walstream.send.guc;

import java.io.Serial;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// A setting that cannot be made, in PostgreSQL's words.
public final class GucException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  private final String sqlState;
  private final String message;
  private final String detail;
  private final String hint;

  GucException(String sqlState, String message, String detail, String hint) {
    super(message);
    this.sqlState = sqlState;
    this.message = message;
    this.detail = detail;
    this.hint = hint;
  }

  /// A value that does not fit.
  public static GucException invalidValue(String message, String hint) {
    return new GucException(SqlState.INVALID_PARAMETER_VALUE, message, "", hint);
  }

  /// A value that is none, such as a number that is not one.
  public static GucException invalidValue(String parameter, String value, String hint) {
    return invalidValue(
        "invalid value for parameter \"%s\": \"%s\"".formatted(parameter, value), hint);
  }

  static GucException unknown(String name) {
    return new GucException(
        SqlState.UNDEFINED_OBJECT,
        "unrecognized configuration parameter \"%s\"".formatted(name),
        "",
        "");
  }

  static GucException invalidName(String name, String detail) {
    return new GucException(
        SqlState.INVALID_NAME,
        "invalid configuration parameter name \"%s\"".formatted(name),
        detail,
        "");
  }

  /// Whoever asks may not change it, or not now; or it cannot have this value on a node.
  static GucException refused(String sqlState, String message) {
    return new GucException(sqlState, message, "", "");
  }

  /// The whole on one line, for a log or the start of a program.
  public String oneLine() {
    var text = new StringBuilder(message);
    for (String more : new String[] {detail, hint}) {
      if (!more.isEmpty()) {
        text.append(" (").append(more, 0, more.length() - (more.endsWith(".") ? 1 : 0)).append(')');
      }
    }
    return text.toString();
  }

  /// For a session that goes on.
  public ServerError asError() {
    return complete(ServerError.error(sqlState, message));
  }

  /// For a session that cannot begin.
  public ServerError asFatal() {
    return complete(ServerError.fatal(sqlState, message));
  }

  private ServerError complete(ServerError error) {
    return error.withDetail(detail).withHint(hint);
  }
}
