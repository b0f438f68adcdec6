package org.walstream.cli;

/// The text of `walstream help`: every command in the order a newcomer meets them.
final class Overview {

  private Overview() {}

  static String text() {
    return """
    walstream streams PostgreSQL's write-ahead log: receives, keeps and relays it.

    Example:
      walstream demo                               see it work, on this machine
      walstream receive -D wal -h primary -U repl  a WAL archive, as pg_receivewal

    Usage:
      walstream COMMAND [OPTION]...

    Commands:
      demo         primary, relay and standby on this machine: load, a kill, a proof
      receive      stream WAL into a directory (pg_receivewal)
      init         make the directory of a node
      run          run a node: a relay that receives, keeps and sends WAL
      reload       make a running node read its configuration again
      stop         stop a running node
      passwd       add or change a user of a node
      waldump      show what is in WAL (pg_waldump)
      controldata  show a server's control file (pg_controldata)
      walend       find where the WAL of a dead server ends, and why
      bench        measure beside PostgreSQL's own tools
      help         show this

    Options:
      -V, --version  output version information, then exit
      -?, --help     show this help, then exit

    walstream COMMAND --help tells a command's options.
    """;
  }
}
