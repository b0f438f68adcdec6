package org.walstream.cli.waldump;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What ends reading with exit code 1: pg_fatal() in pg_waldump, in its words.
final class WaldumpFailure extends IOException {

  private static final long serialVersionUID = 1;

  private final String message;
  private final @Nullable String detail;

  WaldumpFailure(String message) {
    this(message, null);
  }

  WaldumpFailure(String message, @Nullable String detail) {
    super(message);
    this.message = message;
    this.detail = detail;
  }

  @Override
  public String getMessage() {
    return message;
  }

  /// What is to be said besides, in a sentence.
  @Nullable String detail() {
    return detail;
  }
}
