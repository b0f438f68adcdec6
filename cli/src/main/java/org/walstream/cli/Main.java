package org.walstream.cli;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The program's entry: `walstream COMMAND [ARGUMENT …]`.
///
/// Nothing is loaded that the command at hand does not need: the version is answered before
/// anything else, and only the chosen command's class is touched.
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    // A thread that dies unnoticed would leave a program that looks alive and does nothing.
    Thread.setDefaultUncaughtExceptionHandler(Main::die);
    int status = run(Arrays.asList(args), System.out);
    System.out.flush();
    System.exit(status);
  }

  static int run(List<String> args, PrintStream out) {
    String first = args.isEmpty() ? "" : args.getFirst();
    switch (first) {
      case "--version", "-V" -> {
        out.println(Version.TEXT);
        return 0;
      }
      case "help", "--help", "-?" -> {
        out.print(Overview.text());
        return 0;
      }
      case "" -> {
        System.err.print(Overview.text());
        return 1;
      }
      default -> {
        return runCommand(first, args.subList(1, args.size()));
      }
    }
  }

  private static int runCommand(String name, List<String> arguments) {
    Optional<Subcommand> command = Commands.find(name);
    if (command.isEmpty()) {
      var diagnostics = Diagnostics.of("");
      diagnostics.error("unrecognized command \"" + name + "\"");
      diagnostics.tryHelp();
      return 1;
    }
    try {
      return command.get().run(arguments);
    } catch (Exception e) {
      Diagnostics.of(name).error(Failures.describe(e));
      return 1;
    }
  }

  private static void die(Thread thread, Throwable cause) {
    System.err.println("walstream: error: thread \"" + thread.getName() + "\" failed: " + cause);
    cause.printStackTrace();
    Runtime.getRuntime().halt(1);
  }
}
