package org.walstream.observe.sql.function;

import org.walstream.observe.sql.context.QueryContext;
import org.walstream.wire.server.ServerError;

/// A text that asks, as it is read, whether the query may go on: a regular expression can read one
/// for ever.
final class WatchedText implements CharSequence {

  private static final int LOOK_EVERY = 1 << 12;

  private final String text;
  private final QueryContext context = QueryContext.current();
  private int reads;

  WatchedText(String text) {
    this.text = text;
  }

  /// Carries what ended the query out of the regular expression.
  static final class EndedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ServerError error;

    EndedException(ServerError error) {
      super(error.getMessage());
      this.error = error;
    }

    ServerError error() {
      return error;
    }
  }

  @Override
  public char charAt(int index) {
    if (++reads % LOOK_EVERY == 0) {
      try {
        context.checkInterrupts();
      } catch (ServerError e) {
        throw new EndedException(e);
      }
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
