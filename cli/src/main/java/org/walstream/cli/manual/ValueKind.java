package org.walstream.cli.manual;

import org.walstream.cli.line.Option;
import org.walstream.cli.line.Option.Argument;

/// What a shell offers as the value of an option.
enum ValueKind {
  /// The option has none.
  NONE,
  DIRECTORY,
  FILE,
  /// One of the option's own values.
  WORD,
  /// A replication slot of the server that the line names: `walstream slots` knows.
  SLOT,
  /// Nothing is known of it.
  ANY;

  static ValueKind of(Option option) {
    if (option.argument() == Argument.NONE) {
      return NONE;
    } else if (!option.values().isEmpty()) {
      return WORD;
    } else if (option.name().equals("slot")) {
      return SLOT;
    }
    return switch (option.label()) {
      case "DIR", "DIRECTORY", "DATADIR" -> DIRECTORY;
      case "FILE", "PATH" -> FILE;
      default -> ANY;
    };
  }
}
