package org.walstream.cli.line;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one command's line may hold, and all that is said about it.
///
/// ```java
/// static final CommandTable TABLE =
///     CommandTable.of("receive", "[OPTION]...")
///         .standsFor("pg_receivewal", "receives PostgreSQL streaming write-ahead logs.")
///         .about("Receives PostgreSQL streaming write-ahead logs, as pg_receivewal does.")
///         .example("walstream receive -D wal -h primary -U repl")
///         .section("Options", Option.value('D', "directory", "DIR", "receive …"), …)
///         .build();
/// ```
///
/// @param name the command's name
/// @param operands what `Usage:` shows after it
/// @param tool the tool of PostgreSQL's that it stands for, null when there is none
/// @param about lines that say what it does
/// @param example one command line
/// @param sections the options, as help groups them
/// @param footer lines that end the help; may be empty
public record CommandTable(
    String name,
    String operands,
    @Nullable Tool tool,
    String about,
    String example,
    List<Section> sections,
    String footer) {

  /// @param name the tool's
  /// @param purpose what it does, to follow its name
  public record Tool(String name, String purpose) {}

  /// A group of options under a title.
  public record Section(String title, List<Option> options) {}

  public static Builder of(String name, String operands) {
    return new Builder(name, operands);
  }

  /// Every option, in the order of the help.
  public List<Option> options() {
    return sections.stream().flatMap(section -> section.options().stream()).toList();
  }

  /// Reads a command line: tells `each` option in order.
  ///
  /// @return what is no option
  /// @throws WrongOptionException at the first option that this table does not hold
  public List<String> read(List<String> arguments, Consumer<Given> each) {
    return GetOptLong.parse(arguments, options(), each);
  }

  /// Collects a table, row by row.
  public static final class Builder {

    private final String name;
    private final String operands;
    private @Nullable Tool tool;
    private String about = "";
    private String example = "";
    private final List<Section> sections = new ArrayList<>();
    private String footer = "";

    private Builder(String name, String operands) {
      this.name = name;
      this.operands = operands;
    }

    public Builder standsFor(String toolName, String purpose) {
      tool = new Tool(toolName, purpose);
      return this;
    }

    public Builder about(String text) {
      about = text;
      return this;
    }

    public Builder example(String commandLine) {
      example = commandLine;
      return this;
    }

    public Builder section(String title, Option... options) {
      sections.add(new Section(title, List.of(options)));
      return this;
    }

    public Builder footer(String text) {
      footer = text;
      return this;
    }

    public CommandTable build() {
      return new CommandTable(name, operands, tool, about, example, List.copyOf(sections), footer);
    }
  }
}
