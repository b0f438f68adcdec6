package org.walstream.cli.status;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.Diagnostics;
import org.walstream.cli.Failures;
import org.walstream.cli.Subcommand;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.node.NodeDirectory;
import org.walstream.node.PidFile;
import org.walstream.node.config.Configuration;
import org.walstream.node.config.Parameters;
import org.walstream.observe.JsonObject;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnInfoOption;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// `walstream status`: how nodes and servers are, once or again and again. Counterpart, as far as
/// it has one, of `pg_ctl status`, whose exit codes it has.
public final class StatusCommand implements Subcommand {

  private static final CommandTable TABLE =
      CommandTable.of("status", "[OPTION]... [SERVER]...")
          .about(
              """
              Asks nodes, and PostgreSQL servers, how replication is: where WAL comes from,
              to whom it goes, what is kept, what has gone wrong. A SERVER is a connection
              string, or a host, perhaps with :PORT.\
              """)
          .example("walstream status -U monitor relay1:5433 relay2:5433 --watch")
          .section(
              "Options",
              Option.value('D', "directory", "DIR", "a node on this machine"),
              Option.value('d', "dbname", "CONNSTR", "a server; may be given again"),
              Option.value('U', "username", "NAME", "user; what is set in CONNSTR wins"),
              Option.optionalValue(
                  Option.NO_LETTER, "watch", "SECS", "go on asking (default: every 2 s)"),
              Option.flag("json", "one JSON object a line, for each round"),
              Option.VERSION,
              Option.HELP)
          .footer(
              """
              The user needs "monitor" (on a server pg_monitor) to see details.
              Exit status: 0 all is well, 1 a server cannot be asked, 2 something is not
              well (no stream though primary_conninfo is set, a slot that loses WAL), 3 no
              node is running in DIR, 4 DIR is not a node's directory or cannot be read.\
              """)
          .build();

  private static final int CANNOT_BE_ASKED = 1;
  private static final int NOT_WELL = 2;
  private static final int NOT_RUNNING = 3;
  private static final int NO_NODE = 4;

  private final List<String> servers = new ArrayList<>();
  private @Nullable Path directory;
  private @Nullable String user;
  private @Nullable Duration period;
  private boolean json;

  public StatusCommand() {}

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    switch (given.name()) {
      case "directory" -> directory = Path.of(given.value());
      case "dbname" -> servers.add(given.value());
      case "username" -> user = given.value();
      case "watch" ->
          period = Duration.ofSeconds(given.text() == null ? 2 : given.integer(1, 86_400));
      case "json" -> json = true;
      default -> throw new IllegalStateException(given.name());
    }
  }

  @Override
  public void operands(List<String> operands) {
    servers.addAll(operands);
    if (servers.isEmpty() && directory == null) {
      throw new UsageException("no server specified");
    }
  }

  @Override
  public int run(Diagnostics diagnostics) throws Exception {
    LibpqEnvironment environment = LibpqEnvironment.ofProcess(diagnostics::warning);
    while (true) {
      List<Callable<ServerReport>> questions = new ArrayList<>();
      Path local = directory;
      if (local != null) {
        var node = new NodeDirectory(local);
        try {
          node.requireNode();
        } catch (IOException e) {
          diagnostics.error(Failures.describe(e));
          return NO_NODE;
        }
        OptionalLong process = PidFile.runningProcess(node.pidFile());
        if (process.isEmpty()) {
          System.out.println(
              json
                  ? new JsonObject().put("server", local.toString()).put("running", false)
                  : "%s: no node is running".formatted(local));
          if (period == null) {
            return NOT_RUNNING;
          }
        } else {
          ConnInfo here = withUser(address(node));
          questions.add(() ->
              ServerQuestions.ask(local.toString(), here, environment)
                  .ofProcess(process.getAsLong()));
        }
      }
      for (String server : servers) {
        ConnInfo conninfo = withUser(conninfo(server));
        questions.add(() -> ServerQuestions.ask(server, conninfo, environment));
      }
      int exitCode = tell(ask(questions));
      if (period == null) {
        return exitCode;
      }
      Thread.sleep(period);
    }
  }

  /// How a node on this machine is reached.
  private static ConnInfo address(NodeDirectory node) throws Exception {
    var configuration = Configuration.load(node.configurationFile(), Map.of());
    List<Path> sockets = configuration.get(Parameters.UNIX_SOCKET_DIRECTORIES);
    String host =
        sockets.isEmpty()
            ? firstAddress(configuration.get(Parameters.LISTEN_ADDRESSES))
            : sockets.getFirst().toAbsolutePath().toString();
    return ConnInfo.EMPTY
        .with(ConnInfoOption.HOST, host)
        .with(ConnInfoOption.PORT, Long.toString(PidFile.port(node.pidFile())));
  }

  private static String firstAddress(String addresses) {
    String first = addresses.split(",")[0].strip();
    return first.isEmpty() || first.equals("*") ? "localhost" : first;
  }

  private ConnInfo withUser(ConnInfo conninfo) {
    return user == null
        ? conninfo
        : conninfo.orElse(ConnInfo.EMPTY.with(ConnInfoOption.USER, user));
  }

  /// `host`, `host:port`, or whatever else a connection string can be.
  private static ConnInfo conninfo(String server) {
    if (server.contains("=") || server.contains("://")) {
      return ConnInfo.parse(server);
    }
    int colon = server.lastIndexOf(':');
    boolean port = colon > 0 && server.substring(colon + 1).matches("\\d+");
    ConnInfo host =
        ConnInfo.EMPTY.with(ConnInfoOption.HOST, port ? server.substring(0, colon) : server);
    return port ? host.with(ConnInfoOption.PORT, server.substring(colon + 1)) : host;
  }

  /// All at once: one that does not answer keeps no other waiting.
  private static List<ServerReport> ask(List<Callable<ServerReport>> questions)
      throws InterruptedException, IOException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var reports = new ArrayList<ServerReport>();
      for (Future<ServerReport> answer : threads.invokeAll(questions)) {
        reports.add(answer.get());
      }
      return reports;
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  private int tell(List<ServerReport> reports) {
    if (json) {
      System.out.println(
          new JsonObject().put("servers", reports.stream().map(ReportText::json).toList()));
    } else {
      if (period != null && isTerminal()) {
        System.out.print("\033[H\033[2J");
      }
      reports.forEach(report -> System.out.print(ReportText.lines(report)));
    }
    if (reports.stream().anyMatch(report -> !report.isReachable())) {
      return CANNOT_BE_ASKED;
    }
    return reports.stream().allMatch(report -> report.problems().isEmpty()) ? 0 : NOT_WELL;
  }
}
