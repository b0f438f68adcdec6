package org.walstream.wire.auth;

import java.io.IOException;

/// Authentication cannot go on, as seen from this side; what the *other* side refuses arrives as an
/// ErrorResponse. The messages are libpq's.
public final class AuthenticationException extends IOException {

  private static final long serialVersionUID = 1L;

  public AuthenticationException(String message) {
    super(message);
  }

  AuthenticationException(String message, Throwable cause) {
    super(message, cause);
  }
}
