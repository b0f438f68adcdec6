package org.walstream.redo.recovery;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Recovery cannot begin, or not go on, for a reason that lies outside of any one record: in
/// PostgreSQL's words where it has some, with what can be done.
public final class RecoveryException extends IOException {

  private static final long serialVersionUID = 1;

  private final String message;
  private final @Nullable String detail;
  private final @Nullable String hint;

  public RecoveryException(String message, @Nullable String detail, @Nullable String hint) {
    super(message);
    this.message = message;
    this.detail = detail;
    this.hint = hint;
  }

  public RecoveryException(String message, @Nullable String hint) {
    this(message, null, hint);
  }

  public RecoveryException(String message) {
    this(message, null, null);
  }

  @Override
  public String getMessage() {
    return message;
  }

  /// What is to be said besides, in a sentence.
  public @Nullable String detail() {
    return detail;
  }

  /// What to do about it.
  public @Nullable String hint() {
    return hint;
  }
}
