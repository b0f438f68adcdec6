package org.walstream.cli.manual;

import java.util.List;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.Option.Argument;

/// Completion for zsh: each command's options for `_arguments`, with their help.
public final class ZshCompletion {

  private static final String HEAD =
      """
      #compdef walstream
      # zsh completion for walstream: made from its tables, by walstream completion zsh

      _walstream_slots() {
        compadd -- ${(f)"$(walstream slots $BUFFER 2>/dev/null)"}
      }

      _walstream() {
        local -a commands
        commands=(
      """;

  private static final String BETWEEN =
      """
        )
        if (( CURRENT == 2 )); then
          _describe -t commands 'walstream command' commands
          return
        fi
        local command=$words[2]
        if [[ $command == help ]]; then
          (( CURRENT == 3 )) && _describe -t commands 'walstream command' commands
          return
        fi
        shift words
        (( CURRENT-- ))
        case $command in
      """;

  private static final String TAIL =
      """
        esac
      }

      if [[ $funcstack[1] == _walstream ]]; then
        _walstream "$@"
      else
        compdef _walstream walstream
      fi
      """;

  private ZshCompletion() {}

  public static String text(List<DocumentedCommand> commands) {
    var script = new StringBuilder(HEAD);
    for (DocumentedCommand command : commands) {
      script.append("    '%s:%s'\n".formatted(command.name(), quoted(command.summary())));
    }
    script.append("    'help:show the commands, or the help of one'\n").append(BETWEEN);
    for (DocumentedCommand command : commands) {
      script.append("    %s)\n      _arguments -s \\\n".formatted(command.name()));
      for (Option option : command.table().options()) {
        script.append("        ").append(argument(option)).append(" \\\n");
      }
      script.append("        '*:file:_files'\n      ;;\n");
    }
    return script.append(TAIL).toString();
  }

  /// `'(-D --directory)'{-D+,--directory=}'[help]:DIR:_directories'`
  private static String argument(Option option) {
    String value = value(option);
    String help = "[" + bracketed(quoted(option.help())) + "]";
    String separator = option.argument() == Argument.NONE ? "" : "=";
    if (option.argument() == Argument.OPTIONAL) {
      separator = "=-";
    }
    String name = "--" + option.name();
    if (!option.hasLetter()) {
      return "'%s%s%s%s'".formatted(name, separator, help, value);
    }
    String letter = "-" + (option.letter() == '?' ? "\\?" : String.valueOf(option.letter()));
    String plus = option.argument() == Argument.REQUIRED ? "+" : "";
    return "'(%s %s)'{'%s%s','%s%s'}'%s%s'"
        .formatted(letter, name, letter, plus, name, separator, help, value);
  }

  private static String value(Option option) {
    String label = quoted(option.label()).replace(":", "\\:");
    String optional = option.argument() == Argument.OPTIONAL ? "::" : ":";
    return switch (ValueKind.of(option)) {
      case NONE -> "";
      case DIRECTORY -> optional + label + ":_directories";
      case FILE -> optional + label + ":_files";
      case WORD -> optional + label + ":(" + String.join(" ", option.values()) + ")";
      case SLOT -> optional + label + ":_walstream_slots";
      case ANY -> optional + label + ": ";
    };
  }

  /// Within single quotes.
  private static String quoted(String text) {
    return text.replace("'", "'\\''");
  }

  private static String bracketed(String text) {
    return text.replace("[", "\\[").replace("]", "\\]");
  }
}
