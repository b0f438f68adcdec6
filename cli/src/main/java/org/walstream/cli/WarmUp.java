package org.walstream.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;

/// The hidden command `warm-up`: goes through what the program does at its start, so that the JVM's
/// ahead-of-time cache, made from this run, holds the classes and profiles of a real start
/// (scripts/build-app).
final class WarmUp implements Subcommand {

  @Override
  public String name() {
    return "warm-up";
  }

  @Override
  public String summary() {
    return "trains the ahead-of-time cache";
  }

  @Override
  public int run(List<String> arguments) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    for (String command : List.of("--version", "help")) {
      Main.run(List.of(command), nowhere);
    }
    return 0;
  }
}
