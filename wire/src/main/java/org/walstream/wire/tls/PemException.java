package org.walstream.wire.tls;

import java.io.IOException;
import java.io.Serial;

/// A file of certificates or keys does not hold what it should. The message is what comes after the
/// file's name in PostgreSQL's messages, in OpenSSL's words where it has some.
final class PemException extends IOException {

  @Serial private static final long serialVersionUID = 1;

  PemException(String message) {
    super(message);
  }

  PemException(String message, Throwable cause) {
    super(message, cause);
  }
}
