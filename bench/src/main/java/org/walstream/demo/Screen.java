package org.walstream.demo;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;

/// Where the demo tells its story: plain lines, and one live line that is rewritten in place on a
/// terminal and printed again and again elsewhere.
final class Screen {

  private static final String REWRITE = "\r\033[K";

  private final PrintStream out;
  private final boolean isTerminal;
  private boolean liveLineStands;

  Screen(PrintStream out) {
    this(out, Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false));
  }

  Screen(PrintStream out, boolean isTerminal) {
    this.out = out;
    this.isTerminal = isTerminal;
  }

  void say(String text) {
    if (liveLineStands) {
      out.println();
      liveLineStands = false;
    }
    out.println(text);
    out.flush();
  }

  void live(String line) {
    if (isTerminal) {
      out.print(REWRITE + line);
      out.flush();
      liveLineStands = true;
    } else {
      say(line);
    }
  }
}
