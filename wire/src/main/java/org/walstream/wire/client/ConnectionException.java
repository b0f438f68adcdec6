package org.walstream.wire.client;

import java.io.IOException;

/// No server could be connected to. The message has a line for each attempt, as libpq's has; the
/// cause is the last attempt's.
public final class ConnectionException extends IOException {

  private static final long serialVersionUID = 1L;

  ConnectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
