package org.walstream.cli.line;

import java.io.Serial;

/// An option asks for an answer in place of what the command does, such as `--help`. It ends the
/// reading of the command line: what follows does not matter.
public final class AnsweredException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final String answer;

  /// @param answer what is printed, whole lines
  public AnsweredException(String answer) {
    super("answered", null, false, false);
    this.answer = answer;
  }

  public String answer() {
    return answer;
  }
}
