package org.walstream.send.sync;

import java.io.Serial;

/// A value of `synchronous_standby_names` that cannot be. The message is PostgreSQL's: the detail
/// of an invalid value, or all there is to say.
public final class StandbyNamesException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  private final boolean syntax;

  private StandbyNamesException(boolean syntax, String message) {
    super(message);
    this.syntax = syntax;
  }

  static StandbyNamesException syntax(String what, String near) {
    return new StandbyNamesException(
        true,
        near.isEmpty() ? what + " at end of input" : "%s at or near \"%s\"".formatted(what, near));
  }

  static StandbyNamesException count(int count) {
    return new StandbyNamesException(
        false, "number of synchronous standbys (%d) must be greater than zero".formatted(count));
  }

  /// Whether the message is the detail of a value that is not one at all.
  public boolean isSyntax() {
    return syntax;
  }
}
