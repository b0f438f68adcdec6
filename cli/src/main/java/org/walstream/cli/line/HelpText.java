package org.walstream.cli.line;

import org.walstream.cli.line.CommandTable.Section;
import org.walstream.cli.line.Option.Argument;

/// A command's help, for a terminal of eighty columns.
///
/// ```
///   -D, --directory=DIR    receive write-ahead log files into this directory
///       --no-sync          do not wait for changes to be written safely to disk
///   -s, --status-interval=SECS
///                          time between status packets sent to server (default:
///                          10)
/// ```
public final class HelpText {

  private static final int WIDTH = 80;
  private static final int HELP_COLUMN = 25;

  private final CommandTable table;
  private final StringBuilder text = new StringBuilder();

  private HelpText(CommandTable table) {
    this.table = table;
  }

  /// Our own form: what it does, an example, the options.
  public static String of(CommandTable table) {
    var help = new HelpText(table);
    help.text.append(table.about()).append("\n\nExample:\n  ").append(table.example()).append("\n");
    help.usage("walstream " + table.name());
    help.sections();
    help.footer(table.footer());
    return help.text.toString();
  }

  /// The form of the PostgreSQL tool that the command stands for, when called by its name.
  public static String ofTool(CommandTable table, CommandTable.Tool tool) {
    var help = new HelpText(table);
    help.text.append(tool.name()).append(' ').append(tool.purpose()).append('\n');
    help.usage(tool.name());
    help.sections();
    help.footer(table.footer());
    help.footer(
        "This is Walstream under the name of PostgreSQL's tool: walstream " + table.name() + ".");
    return help.text.toString();
  }

  private void usage(String program) {
    text.append("\nUsage:\n  ").append(program).append(' ').append(table.operands()).append('\n');
  }

  private void footer(String lines) {
    if (!lines.isEmpty()) {
      text.append('\n').append(lines).append('\n');
    }
  }

  private void sections() {
    for (Section section : table.sections()) {
      text.append('\n').append(section.title()).append(":\n");
      section.options().forEach(this::option);
    }
  }

  private void option(Option option) {
    String left =
        "  "
            + (option.hasLetter() ? "-" + option.letter() + ", " : "    ")
            + "--"
            + option.name()
            + value(option);
    text.append(left);
    int column = left.length();
    if (column > HELP_COLUMN - 2) {
      column = newLine();
    } else {
      column = pad(column);
    }
    for (String word : option.help().split(" ")) {
      if (column > HELP_COLUMN && column + 1 + word.length() > WIDTH) {
        column = newLine();
      } else if (column > HELP_COLUMN) {
        text.append(' ');
        column++;
      }
      text.append(word);
      column += word.length();
    }
    text.append('\n');
  }

  private static String value(Option option) {
    return switch (option.argument()) {
      case Argument.NONE -> "";
      case Argument.REQUIRED -> "=" + option.label();
      case Argument.OPTIONAL -> "[=" + option.label() + "]";
    };
  }

  private int newLine() {
    text.append('\n');
    return pad(0);
  }

  private int pad(int column) {
    text.repeat(' ', HELP_COLUMN - column);
    return HELP_COLUMN;
  }
}
