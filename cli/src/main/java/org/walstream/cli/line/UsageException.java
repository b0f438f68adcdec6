package org.walstream.cli.line;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A command line whose options are each known but not right, or not together, or that lacks
/// something.
public final class UsageException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final String message;
  private final @Nullable String detail;

  public UsageException(String message) {
    this(message, null);
  }

  public UsageException(String message, @Nullable String detail) {
    super(message);
    this.message = message;
    this.detail = detail;
  }

  @Override
  public String getMessage() {
    return message;
  }

  /// What was expected instead, in a sentence; null when the message says it all.
  public @Nullable String detail() {
    return detail;
  }
}
