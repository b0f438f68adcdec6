package org.walstream.receive;

import java.io.EOFException;
import java.io.IOException;

/// What libpq says of a connection that has ended without a word.
final class ServerGone {

  private ServerGone() {}

  static String text(IOException failure) {
    return failure instanceof EOFException
        ? """
        server closed the connection unexpectedly
        \tThis probably means the server terminated abnormally
        \tbefore or while processing the request.\
        """
        : String.valueOf(failure.getMessage());
  }
}
