package org.walstream.receive;

import java.io.IOException;

/// The upstream cannot be streamed from: it is another cluster, on another history, too old, or not
/// set up for it. Found before a byte is written. The message is PostgreSQL's where it has one.
public final class ReceiveException extends IOException {

  private static final long serialVersionUID = 1L;

  public ReceiveException(String message) {
    super(message);
  }

  public ReceiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
