package org.walstream.wire.auth;

import java.io.IOException;

/// Authentication cannot go on, as seen from this side; what the *other* side refuses arrives as an
/// ErrorResponse. The messages are libpq's.
public final class AuthenticationException extends IOException {

  private static final long serialVersionUID = 1L;

  private static final String NO_PASSWORD = "fe_sendauth: no password supplied";

  public AuthenticationException(String message) {
    super(message);
  }

  AuthenticationException(String message, Throwable cause) {
    super(message, cause);
  }

  static AuthenticationException noPassword() {
    return new AuthenticationException(NO_PASSWORD);
  }

  /// True when the server wants a password and none was given: a program may ask its user for one
  /// and try again, as PQconnectionNeedsPassword() lets libpq's do.
  public boolean needsPassword() {
    return NO_PASSWORD.equals(getMessage());
  }
}
