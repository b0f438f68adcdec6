package org.walstream.wal;

/// Invariants of our own that stay checked in production: a broken one is a bug here, never bad
/// input, and going on would put somebody's WAL at risk.
public final class Check {

  private Check() {}

  /// @throws IllegalStateException with the formatted message, unless `holds`
  public static void state(boolean holds, String message, Object... args) {
    if (!holds) {
      throw new IllegalStateException(message.formatted(args));
    }
  }
}
