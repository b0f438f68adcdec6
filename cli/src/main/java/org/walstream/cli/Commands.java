package org.walstream.cli;

import java.util.Optional;
import java.util.ServiceLoader;

/// Finds a command by its name. Small commands are listed here; those that have a package of their
/// own, and those of modules above this one, are services.
final class Commands {

  private Commands() {}

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
          case "warm-up" -> new WarmUp();
          default -> null;
        };
    return own != null ? Optional.of(own) : service(name);
  }

  private static Optional<Subcommand> service(String name) {
    return ServiceLoader.load(Subcommand.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(command -> command.name().equals(name))
        .findFirst();
  }
}
