package org.walstream.store;

import java.io.IOException;

/// The file system is full, or a quota is used up. When space is being reserved ahead this is
/// weather: the store waits and tries again. Anywhere else it is a failed write like any other.
public final class NoSpaceException extends IOException {

  private static final long serialVersionUID = 1L;

  public NoSpaceException(String message, Throwable cause) {
    super(message, cause);
  }

  public NoSpaceException(String message) {
    super(message);
  }
}
