package org.walstream.cli;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.walstream.node.log.LogSink;

/// The program's entry: `walstream COMMAND [ARGUMENT …]`, or through a link named as a tool of
/// PostgreSQL's `pg_receivewal [ARGUMENT …]`.
///
/// Nothing is loaded that the command at hand does not need: the version is answered before
/// anything else, and only the chosen command's class is touched.
public final class Main {

  /// The system property by which the launcher passes on the name it was called by.
  static final String NAME_PROPERTY = "walstream.name";

  private final PrintStream out;
  private final PrintStream errors;

  /// Whether the command that was run is a server's.
  private boolean serves;

  /// Whether it is all that this process does: then what is logged is said as it says things
  /// itself.
  private boolean alone;

  Main(PrintStream out, PrintStream errors) {
    this.out = out;
    this.errors = errors;
  }

  public static void main(String[] args) {
    // A thread that dies unnoticed would leave a program that looks alive and does nothing.
    Thread.setDefaultUncaughtExceptionHandler(Main::die);
    var main = new Main(System.out, System.err);
    main.alone = true;
    int status = main.run(System.getProperty(NAME_PROPERTY, "walstream"), Arrays.asList(args));
    ProcessEnd.with(status, main.serves);
  }

  /// @param calledBy the last part of the name the program was called by
  /// @return the exit code
  int run(String calledBy, List<String> args) {
    Optional<String> tool = Commands.forTool(calledBy).map(Commands.Entry::name);
    return tool.isPresent() ? runTool(calledBy, tool.get(), args) : run(args);
  }

  private int runTool(String tool, String command, List<String> args) {
    Program program = Program.ofTool(tool);
    if (!args.isEmpty() && isVersion(args.getFirst())) {
      out.println(program.version());
      return 0;
    }
    return runCommand(program, command, args);
  }

  int run(List<String> args) {
    String first = args.isEmpty() ? "" : args.getFirst();
    if (isVersion(first)) {
      out.println(Program.WALSTREAM.version());
      return 0;
    }
    return switch (first) {
      case "help", "--help", "-?" -> help(args);
      case "" -> {
        errors.print(Overview.text());
        yield 1;
      }
      default -> runCommand(Program.ofCommand(first), first, args.subList(1, args.size()));
    };
  }

  private int help(List<String> args) {
    if (args.size() > 1 && !args.get(1).startsWith("-")) {
      return runCommand(Program.ofCommand(args.get(1)), args.get(1), List.of("--help"));
    }
    out.print(Overview.text());
    return 0;
  }

  private int runCommand(Program program, String name, List<String> arguments) {
    Optional<Subcommand> command = Commands.find(name);
    if (command.isEmpty()) {
      var diagnostics = new Diagnostics(Program.WALSTREAM.name(), errors);
      diagnostics.error("unrecognized command \"" + name + "\"");
      diagnostics.tryHelp();
      return 1;
    }
    serves = command.get().serves();
    if (alone) {
      LogSink.tool(program.name());
    }
    return new CommandRunner(program, out, errors).run(command.get(), arguments);
  }

  private static boolean isVersion(String word) {
    return word.equals("--version") || word.equals("-V");
  }

  private static void die(Thread thread, Throwable cause) {
    System.err.println("walstream: error: thread \"" + thread.getName() + "\" failed: " + cause);
    cause.printStackTrace();
    Runtime.getRuntime().halt(1);
  }
}
