package org.walstream.cli;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// What ends a command with exit code 1: pg_fatal() in PostgreSQL's tools, in their words.
public class CommandFailure extends IOException {

  @Serial private static final long serialVersionUID = 1;

  private final String message;
  private final @Nullable String detail;

  public CommandFailure(String message, @Nullable String detail) {
    super(message);
    this.message = message;
    this.detail = detail;
  }

  @Override
  public String getMessage() {
    return message;
  }

  /// What is to be said besides, in a sentence.
  public @Nullable String detail() {
    return detail;
  }
}
