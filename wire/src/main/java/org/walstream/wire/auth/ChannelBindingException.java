package org.walstream.wire.auth;

import java.io.IOException;
import java.io.Serial;

/// A client's proof is not bound to the connection that it came over, or the client was made to
/// believe that it could not be: somebody may sit between. The messages are PostgreSQL's.
public final class ChannelBindingException extends IOException {

  @Serial private static final long serialVersionUID = 1;

  ChannelBindingException(String message) {
    super(message);
  }
}
