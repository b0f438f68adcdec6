package org.walstream.cli;

/// What the program was called as: `walstream receive`, or through a link by the name of the
/// PostgreSQL tool that the command stands for. Then it *is* that tool: messages begin with that
/// name, and the version is what scripts expect, the second word without parentheses being
/// PostgreSQL's.
///
/// @param name what messages begin with
/// @param isTool true when it is the name of a tool of PostgreSQL's
public record Program(String name, boolean isTool) {

  private static final String NUMBER = "0.1.0";

  /// As manual pages name it.
  static final String TITLE = "Walstream " + NUMBER;

  /// The PostgreSQL whose tools the commands answer to.
  private static final String POSTGRESQL = "18.6";

  /// Where the program lies, which starts a JVM with this; as the launcher says it.
  public static String path() {
    return System.getProperty("walstream.program", "walstream");
  }

  /// The program as such, without a command.
  static final Program WALSTREAM = new Program("walstream", false);

  /// A command called by its own name.
  public static Program ofCommand(String command) {
    return new Program("walstream " + command, false);
  }

  /// A command called by the name of a tool.
  public static Program ofTool(String tool) {
    return new Program(tool, true);
  }

  String version() {
    return isTool
        ? "%s (PostgreSQL) %s (Walstream %s)".formatted(name, POSTGRESQL, NUMBER)
        : "walstream " + NUMBER + " (PostgreSQL 15-18)";
  }
}
