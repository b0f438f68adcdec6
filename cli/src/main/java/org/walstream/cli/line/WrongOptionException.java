package org.walstream.cli.line;

import java.io.Serial;

/// An option that there is not, or one with too much or too little: what getopt_long(3) itself
/// prints.
public final class WrongOptionException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final String message;

  WrongOptionException(String message) {
    super(message);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
