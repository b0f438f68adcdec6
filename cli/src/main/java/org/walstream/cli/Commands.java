package org.walstream.cli;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.walstream.cli.manual.DocumentedCommand;

/// The commands: their names, in the order in which a newcomer meets them, the tools of
/// PostgreSQL's that they stand for, and where they come from. Small commands are made here; those
/// that have a package of their own, and those of modules above this one, are services.
final class Commands {

  /// @param tool the tool of PostgreSQL's that it stands for; empty when there is none
  /// @param summary one line for `walstream help`, lower case, no full stop
  record Entry(String name, String tool, String summary) {}

  static final List<Entry> ALL =
      List.of(
          new Entry(
              "demo", "", "primary, relay and standby on this machine: load, a kill, a proof"),
          new Entry("receive", "pg_receivewal", "stream WAL into a directory"),
          new Entry("init", "", "make the directory of a node"),
          new Entry("run", "", "run a node: a relay that receives, keeps and sends WAL"),
          new Entry("reload", "", "make a running node read its configuration again"),
          new Entry("stop", "", "stop a running node"),
          new Entry("status", "", "how nodes and servers are, and their standbys"),
          new Entry("check", "", "find what is wrong: with a node, its upstream, or WAL"),
          new Entry("passwd", "", "add or change a user of a node"),
          new Entry("replay", "", "roll a stopped data directory forward with WAL"),
          new Entry("standby", "", "replay a standby's data directory continuously"),
          new Entry("promote", "", "promote a running standby"),
          new Entry("waldump", "pg_waldump", "show what is in WAL"),
          new Entry("controldata", "pg_controldata", "show a server's control file"),
          new Entry("walend", "", "find where the WAL of a dead server ends, and why"),
          new Entry("completion", "", "make a shell complete command lines"),
          new Entry("bench", "", "measure beside PostgreSQL's own tools"));

  private Commands() {}

  /// The command that stands for this tool of PostgreSQL's.
  static Optional<Entry> forTool(String tool) {
    return ALL.stream()
        .filter(entry -> !entry.tool().isEmpty() && entry.tool().equals(tool))
        .findFirst();
  }

  /// Those that are here: a package has none that want a checkout.
  static List<DocumentedCommand> documented() {
    return ALL.stream()
        .flatMap(entry ->
            find(entry.name()).stream()
                .map(command -> new DocumentedCommand(entry.summary(), command.table())))
        .toList();
  }

  static Optional<Subcommand> find(String name) {
    Subcommand own =
        switch (name) {
          case "init" -> new InitCommand();
          case "receive" -> new ReceiveCommand();
          case "run" -> new RunCommand();
          case "passwd" -> new PasswdCommand();
          case "stop" -> new StopCommand();
          case "reload" -> new ReloadCommand();
          case "controldata" -> new ControlDataCommand();
          case "walend" -> new WalEndCommand();
          case "completion" -> new CompletionCommand();
          case "manuals" -> new ManualsCommand();
          case "slots" -> new SlotsCommand();
          case "warm-up" -> new WarmUp();
          default -> null;
        };
    return own != null ? Optional.of(own) : service(name);
  }

  private static Optional<Subcommand> service(String name) {
    return ServiceLoader.load(Subcommand.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(command -> command.table().name().equals(name))
        .findFirst();
  }
}
