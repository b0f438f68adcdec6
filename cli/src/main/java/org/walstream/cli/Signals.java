package org.walstream.cli;

import sun.misc.Signal;

/// What the operating system's signals do to the program.
public final class Signals {

  private Signals() {}

  /// From now on the signal of this name, such as `TERM`, runs `action` on a thread of its own in
  /// place of ending the program.
  public static void on(String name, Runnable action) {
    Signal.handle(new Signal(name), _ -> action.run());
  }
}
