package org.walstream.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.walstream.node.Node;
import org.walstream.node.NodeDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `walstream run`: runs a node in the foreground until SIGTERM or SIGINT. Counterpart of `postgres
/// -D`.
final class RunCommand implements Subcommand {

  @Override
  public String name() {
    return "run";
  }

  @Override
  public String summary() {
    return "run a node: a relay that receives, keeps and sends WAL";
  }

  @Override
  public int run(List<String> arguments) {
    return OptionParser.run(name(), new Options(), arguments);
  }

  @Command(
      name = "walstream run",
      sortOptions = false,
      header = {
        "Runs a node: receives WAL from its upstream, keeps it, sends it to standbys.",
        "",
        "Example:",
        "  walstream run -D relay",
        ""
      },
      footer = {"", "SIGTERM and SIGINT stop it in order, SIGHUP makes it read its files again."})
  static final class Options implements Callable<Integer> {

    @Option(
        names = {"-D", "--directory"},
        paramLabel = "DIR",
        required = true,
        description = "the node's directory, made by walstream init")
    Path directory = Path.of("");

    @Option(
        names = "-c",
        paramLabel = "NAME=VALUE",
        description = "set a parameter; wins over walstream.conf")
    @Nullable Map<String, String> settings = new LinkedHashMap<>();

    @Option(
        names = {"-p", "--port"},
        paramLabel = "PORT",
        description = "the port to listen on")
    @Nullable Integer port;

    @Override
    public Integer call() throws Exception {
      var overrides = new LinkedHashMap<String, String>();
      if (settings != null) {
        overrides.putAll(settings);
      }
      if (port != null) {
        overrides.put("port", port.toString());
      }
      Node node = Node.start(new NodeDirectory(directory), overrides);
      Signals.on("HUP", node::reload);
      Signals.on("TERM", () -> stop(node));
      Signals.on("INT", () -> stop(node));
      node.awaitStop();
      node.stop();
      return 0;
    }

    private static void stop(Node node) {
      try {
        node.stop();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
