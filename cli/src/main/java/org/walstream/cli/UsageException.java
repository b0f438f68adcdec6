package org.walstream.cli;

import java.io.Serial;

/// A command line whose options are each right but not together, or one that lacks something.
public final class UsageException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final String message;

  public UsageException(String message) {
    super(message);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
