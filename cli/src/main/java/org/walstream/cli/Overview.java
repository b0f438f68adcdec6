package org.walstream.cli;

/// The text of `walstream help`.
final class Overview {

  private static final String HEAD =
      """
      walstream streams PostgreSQL's write-ahead log: receives, keeps and relays it.

      Example:
        walstream demo                               see it work, on this machine
        walstream receive -D wal -h primary -U repl  a WAL archive, as pg_receivewal

      Usage:
        walstream COMMAND [OPTION]...

      Commands:
      """;

  private static final String TAIL =
      """
        help         show this, or with a command's name its help

      Options:
        -V, --version  output version information, then exit
        -?, --help     show this help, then exit

      walstream COMMAND --help tells a command's options. Called through a link with
      the name of the tool in parentheses, a command is that tool.
      """;

  private Overview() {}

  static String text() {
    var text = new StringBuilder(HEAD);
    for (Commands.Entry entry : Commands.ALL) {
      if (Commands.find(entry.name()).isEmpty()) {
        continue; // a package has none that want a checkout
      }
      String tool = entry.tool().isEmpty() ? "" : " (" + entry.tool() + ")";
      text.append("  %-13s%s%s\n".formatted(entry.name(), entry.summary(), tool));
    }
    return text.append(TAIL).toString();
  }
}
