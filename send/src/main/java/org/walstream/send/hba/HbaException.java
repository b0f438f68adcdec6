package org.walstream.send.hba;

import java.io.Serial;
import java.nio.file.Path;

/// pg_hba.conf or the users file cannot be used. The message says what, in which file and on which
/// line.
public final class HbaException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  private final String reason;

  public HbaException(String message) {
    this(message, message);
  }

  private HbaException(String message, String reason) {
    super(message);
    this.reason = reason;
  }

  static HbaException at(Path file, int line, String reason) {
    return new HbaException(
        "%s (line %d of configuration file \"%s\")".formatted(reason, line, file), reason);
  }

  /// What is wrong, without where.
  String reason() {
    return reason;
  }
}
