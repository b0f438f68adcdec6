package org.walstream.cli.line;

import java.util.List;

/// One row of a command's table.
///
/// @param name the long form
/// @param letter the short form, [#NO_LETTER] when there is none
/// @param argument whether a value follows
/// @param label what help calls the value; empty without one
/// @param abbreviated false when the name must be given whole
/// @param help the line of help, wrapped when it is printed
/// @param values what its value is one of, for whoever completes it; empty when there is no end of
///   them
public record Option(
    String name,
    char letter,
    Argument argument,
    String label,
    boolean abbreviated,
    String help,
    List<String> values) {

  public static final char NO_LETTER = '\0';

  public static final Option HELP = flag('?', "help", "show this help, then exit");

  public static final Option VERSION =
      flag('V', "version", "output version information, then exit");

  /// Whether an option has a value.
  public enum Argument {
    NONE,
    REQUIRED,
    /// Only after `=`.
    OPTIONAL
  }

  public static Option flag(char letter, String name, String help) {
    return new Option(name, letter, Argument.NONE, "", true, help, List.of());
  }

  public static Option flag(String name, String help) {
    return flag(NO_LETTER, name, help);
  }

  public static Option value(char letter, String name, String label, String help) {
    return new Option(name, letter, Argument.REQUIRED, label, true, help, List.of());
  }

  public static Option value(String name, String label, String help) {
    return value(NO_LETTER, name, label, help);
  }

  public static Option optionalValue(char letter, String name, String label, String help) {
    return new Option(name, letter, Argument.OPTIONAL, label, true, help, List.of());
  }

  /// The same for an option that the PostgreSQL tool does not have: it is given whole, so that the
  /// abbreviations of the tool's own stay what they are.
  public Option ofOurOwn() {
    return new Option(name, letter, argument, label, false, help, values);
  }

  /// The same with what its value is one of.
  public Option among(List<String> words) {
    return new Option(name, letter, argument, label, abbreviated, help, List.copyOf(words));
  }

  public boolean hasLetter() {
    return letter != NO_LETTER;
  }

  boolean isMeantBy(String given) {
    return name.equals(given) || (abbreviated && name.startsWith(given));
  }

  /// As PostgreSQL's messages name it: `-s/--status-interval`.
  String inMessages() {
    return (hasLetter() ? "-" + letter + "/" : "") + "--" + name;
  }
}
