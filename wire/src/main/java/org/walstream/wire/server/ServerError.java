package org.walstream.wire.server;

import java.io.Serial;
import org.walstream.wire.message.Diagnostic;

/// A command cannot be done; the client is told so and the session goes on, or ends when it is
/// fatal.
public final class ServerError extends Exception {

  @Serial private static final long serialVersionUID = 1;

  private final transient Diagnostic diagnostic;

  public ServerError(Diagnostic diagnostic) {
    super(diagnostic.message());
    this.diagnostic = diagnostic;
  }

  public static ServerError error(String sqlState, String message) {
    return new ServerError(new Diagnostic("ERROR", sqlState, message));
  }

  public static ServerError fatal(String sqlState, String message) {
    return new ServerError(new Diagnostic("FATAL", sqlState, message));
  }

  public ServerError withDetail(String detail) {
    return with(detail, diagnostic.hint(), diagnostic.position());
  }

  public ServerError withHint(String hint) {
    return with(diagnostic.detail(), hint, diagnostic.position());
  }

  /// @param position in the query string, in characters from 1 on
  public ServerError at(int position) {
    return with(diagnostic.detail(), diagnostic.hint(), position);
  }

  private ServerError with(String detail, String hint, int position) {
    return new ServerError(
        new Diagnostic(
            diagnostic.severity(),
            diagnostic.sqlState(),
            diagnostic.message(),
            detail,
            hint,
            position));
  }

  public Diagnostic diagnostic() {
    return diagnostic;
  }

  public boolean isFatal() {
    return diagnostic.severity().equals("FATAL");
  }
}
