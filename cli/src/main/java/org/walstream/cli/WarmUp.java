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

  /// @param arguments a directory to work in, which must exist
  @Override
  public int run(List<String> arguments) {
    var directory = arguments.getFirst();
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    for (List<String> command : commands(directory)) {
      Main.run(command, nowhere);
    }
    return 0;
  }

  /// None of them needs a server: the receiver finds nobody at home, and by then most of what it is
  /// made of has been loaded.
  private static List<List<String>> commands(String directory) {
    return List.of(
        List.of("--version"),
        List.of("help"),
        List.of("receive", "--help"),
        List.of("receive", "--no-loop", "-D", directory, "-d", "host=127.0.0.1 port=1"),
        List.of("init", "-D", directory + "/node", "--primary-conninfo", "host=127.0.0.1"),
        List.of("walend", directory));
  }
}
