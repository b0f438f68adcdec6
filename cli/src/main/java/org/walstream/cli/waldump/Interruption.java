package org.walstream.cli.waldump;

import java.util.function.BooleanSupplier;

/// Whether the user has had enough (SIGINT), and what is to be done then. Thread-safe.
final class Interruption implements BooleanSupplier {

  private volatile boolean raised;
  private volatile Runnable action = () -> {};

  @Override
  public boolean getAsBoolean() {
    return raised;
  }

  /// Has `then` run when it happens: for who waits and does not ask.
  void then(Runnable run) {
    action = run;
  }

  void raise() {
    raised = true;
    action.run();
  }
}
