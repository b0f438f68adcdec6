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
  /// Nothing is known of it.
  ANY;

  static ValueKind of(Option option) {
    if (option.argument() == Argument.NONE) {
      return NONE;
    } else if (!option.values().isEmpty()) {
      return WORD;
    }
    return switch (option.label()) {
      case "DIR", "DIRECTORY", "DATADIR" -> DIRECTORY;
      case "FILE", "PATH" -> FILE;
      default -> ANY;
    };
  }
}
