package org.walstream.cli.waldump;

import java.io.IOException;

/// Whoever read the output has gone, as `head` does when it has enough.
final class OutputClosedException extends IOException {

  private static final long serialVersionUID = 1;

  OutputClosedException(IOException cause) {
    super(cause);
  }
}
