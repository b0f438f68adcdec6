package org.walstream.observe.sql.dialect;

import java.io.Serial;

/// A statement that would change something: a node is in recovery.
final class ReadOnlyException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  ReadOnlyException(String command) {
    super("cannot execute %s in a read-only transaction".formatted(command));
  }
}
