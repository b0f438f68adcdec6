package org.walstream.observe.sql.function;

import org.walstream.observe.sql.context.QueryContext;
import org.walstream.wire.server.ServerError;

/// A text that asks, as it is read, whether the query may go on: a regular expression can read one
/// for ever.
record WatchedText(String text, QueryContext context, int[] reads) implements CharSequence {

  private static final int LOOK_EVERY = 1 << 12;

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

  static WatchedText of(String text) {
    return new WatchedText(text, QueryContext.current(), new int[1]);
  }

  @Override
  public char charAt(int index) {
    if (++reads[0] % LOOK_EVERY == 0) {
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
