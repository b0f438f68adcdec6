package org.walstream.send.hba;

import java.io.Serial;
import java.nio.file.Path;

/// pg_hba.conf or the users file cannot be used. The message says what, in which file and on which
/// line.
public final class HbaException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  public HbaException(String message) {
    super(message);
  }

  static HbaException at(Path file, int line, String message) {
    return new HbaException(
        "%s (line %d of configuration file \"%s\")".formatted(message, line, file));
  }
}
