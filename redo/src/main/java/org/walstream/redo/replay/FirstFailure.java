package org.walstream.redo.replay;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What the first thread that failed has met: the others do nothing from then on, and the reader is
/// told. Thread-safe.
final class FirstFailure {

  private final AtomicReference<@Nullable Throwable> met = new AtomicReference<>();

  void keep(Throwable failure) {
    met.compareAndSet(null, failure);
  }

  boolean isAny() {
    return met.get() != null;
  }

  /// @throws IOException when somebody has failed
  void requireNone() throws IOException {
    switch (met.get()) {
      case null -> {}
      case IOException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException("redo failed", e);
    }
  }
}
