package org.walstream.demo;

import org.walstream.cli.Diagnostics;
import org.walstream.cli.Subcommand;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;

/// `walstream demo`.
public final class DemoCommand implements Subcommand {

  private static final int SECONDS_MAX = 86_400;

  /// Three more ports follow it.
  private static final int PORT_MAX = 65_532;

  private static final CommandTable TABLE =
      CommandTable.of("demo", "[OPTION]...")
          .about(
              """
              Shows Walstream at work: a PostgreSQL primary under load, a relay, and two
              standbys that stream from it, PostgreSQL's and Walstream's own. Then kills the
              primary, makes a new one of Walstream's standby, and proves that both have every
              acknowledged row. Needs nothing but a JDK; deletes what it made.\
              """)
          .example("walstream demo --seconds 60")
          .section(
              "Options",
              Option.flag("keep", "leave the servers' directories and say where they are"),
              Option.value(
                  "port",
                  "PORT",
                  "primary on PORT, relay on PORT+1, standbys on PORT+2 and +3 (default: any"
                      + " free)"),
              Option.value("seconds", "N", "how long the load runs (default: 20)"),
              Option.VERSION,
              Option.HELP)
          .build();

  private int seconds = 20;
  private int port;
  private boolean keep;

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    switch (given.name()) {
      case "keep" -> keep = true;
      case "port" -> port = given.integer(1, PORT_MAX);
      case "seconds" -> seconds = given.integer(1, SECONDS_MAX);
      default -> throw new IllegalStateException(given.name());
    }
  }

  @Override
  public int run(Diagnostics diagnostics) throws Exception {
    return new Demo(new Screen(System.out), seconds, port, keep).run() ? 0 : 1;
  }
}
