package org.walstream.cli.waldump;

import org.jspecify.annotations.Nullable;
import org.walstream.cli.CommandFailure;

/// What ends reading: pg_fatal() in pg_waldump, in its words.
final class WaldumpFailure extends CommandFailure {

  private static final long serialVersionUID = 1;

  WaldumpFailure(String message) {
    this(message, null);
  }

  WaldumpFailure(String message, @Nullable String detail) {
    super(message, detail);
  }
}
