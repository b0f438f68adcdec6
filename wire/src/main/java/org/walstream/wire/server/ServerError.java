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
    return new ServerError(
        new Diagnostic(
            diagnostic.severity(),
            diagnostic.sqlState(),
            diagnostic.message(),
            detail,
            diagnostic.hint()));
  }

  public ServerError withHint(String hint) {
    return new ServerError(
        new Diagnostic(
            diagnostic.severity(),
            diagnostic.sqlState(),
            diagnostic.message(),
            diagnostic.detail(),
            hint));
  }

  public Diagnostic diagnostic() {
    return diagnostic;
  }

  public boolean isFatal() {
    return diagnostic.severity().equals("FATAL");
  }
}
