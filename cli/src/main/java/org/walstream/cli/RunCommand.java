package org.walstream.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.walstream.cli.line.Assignment;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.service.ProcessName;
import org.walstream.cli.service.ServiceManager;
import org.walstream.node.Node;
import org.walstream.node.NodeDirectory;

/// `walstream run`: runs a node in the foreground until SIGTERM or SIGINT. Counterpart of `postgres
/// -D`.
final class RunCommand implements Subcommand {

  static final int PORT_MAX = 65_535;

  private static final CommandTable TABLE =
      CommandTable.of("run", "[OPTION]...")
          .about("Runs a node: receives WAL from its upstream, keeps it, sends it to standbys.")
          .example("walstream run -D relay")
          .section(
              "Options",
              Option.value('c', "set", "NAME=VALUE", "set a parameter; wins over walstream.conf"),
              NodeOption.row("the node's directory, made by walstream init"),
              Option.value('p', "port", "PORT", "the port to listen on"),
              Option.VERSION,
              Option.HELP)
          .footer("SIGTERM and SIGINT stop it in order, SIGHUP makes it read its files again.")
          .build();

  private final NodeOption node = new NodeOption();
  private final Map<String, String> overrides = new LinkedHashMap<>();

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    switch (given.name()) {
      case "directory" -> node.take(given);
      case "port" -> overrides.put("port", Integer.toString(given.integer(0, PORT_MAX)));
      case "set" -> Assignment.put(given.value(), overrides);
      default -> throw new IllegalStateException(given.name());
    }
  }

  @Override
  public void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(0, operands);
    node.directory();
  }

  @Override
  public boolean serves() {
    return true;
  }

  @Override
  public int run(Diagnostics diagnostics) throws Exception {
    ProcessName.set("walstream");
    // Before the node says that it is ready: who reads that may send one at once.
    var started = new CompletableFuture<Node>();
    var manager = ServiceManager.ofProcess();
    Signals.on("HUP", () -> reload(started.join(), manager));
    Signals.on("TERM", () -> stop(started.join(), manager));
    Signals.on("INT", () -> stop(started.join(), manager));
    Node running = Node.start(new NodeDirectory(node.directory()), overrides);
    started.complete(running);
    manager.ready();
    manager.follow(running::activity);
    running.awaitStop();
    running.stop();
    return 0;
  }

  private static void reload(Node node, ServiceManager manager) {
    manager.reloading();
    node.reload();
    manager.ready();
  }

  private static void stop(Node node, ServiceManager manager) {
    manager.stopping();
    try {
      node.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
