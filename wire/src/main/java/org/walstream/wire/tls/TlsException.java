package org.walstream.wire.tls;

import java.io.IOException;
import java.io.Serial;

/// TLS cannot be had, as seen from this side. The messages are libpq's when a client throws it,
/// PostgreSQL's when a server does.
public final class TlsException extends IOException {

  @Serial private static final long serialVersionUID = 1;

  public TlsException(String message) {
    super(message);
  }

  public TlsException(String message, Throwable cause) {
    super(message, cause);
  }
}
