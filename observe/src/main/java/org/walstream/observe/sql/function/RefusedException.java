package org.walstream.observe.sql.function;

import java.io.Serial;
import java.sql.SQLException;
import org.walstream.wire.server.ServerError;

/// Carries an error of ours through the engine, to be told to the client as it is.
public final class RefusedException extends SQLException {

  @Serial private static final long serialVersionUID = 1;

  private final transient ServerError error;

  public RefusedException(ServerError error) {
    super(error.getMessage(), error.diagnostic().sqlState());
    this.error = error;
  }

  public ServerError error() {
    return error;
  }
}
