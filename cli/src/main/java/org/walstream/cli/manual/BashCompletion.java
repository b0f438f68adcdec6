package org.walstream.cli.manual;

import java.util.List;
import java.util.stream.Collectors;
import org.walstream.cli.line.Option;

/// Completion for bash, without anything that bash-completion brings.
///
/// bash splits a line at `=` too, so that `--directory=DIR` is three words; the script puts the
/// option before it together again.
public final class BashCompletion {

  private static final String HEAD =
      """
      # bash completion for walstream: made from its tables, by walstream completion bash

      _walstream_options() {
        case $1 in
      """;

  private static final String BETWEEN =
      """
        esac
      }

      # What follows an option: directory, file, slot, any, or the words themselves.
      _walstream_value() {
        case "$1 $2" in
      """;

  private static final String TAIL =
      """
        esac
      }

      # A name may have spaces: one a line.
      _walstream_files() {
        local IFS=$'\n'
        compopt -o filenames
        COMPREPLY=($(compgen "$1" -- "$2"))
      }

      _walstream() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} value
        COMPREPLY=()
        if [[ $COMP_CWORD -eq 1 ]]; then
          COMPREPLY=($(compgen -W "@COMMANDS@ help --help --version" -- "$word"))
          return
        fi
        local command=${COMP_WORDS[1]}
        if [[ $command == help && $COMP_CWORD -eq 2 ]]; then
          COMPREPLY=($(compgen -W "@COMMANDS@" -- "$word"))
          return
        fi
        if [[ $word == = ]]; then
          word=
        elif [[ $before == = ]]; then
          before=${COMP_WORDS[COMP_CWORD-2]}
        fi
        value=$(_walstream_value "$command" "$before")
        case $value in
          directory) _walstream_files -d "$word" ;;
          file) _walstream_files -f "$word" ;;
          slot) COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" slots "$COMP_LINE" 2>/dev/null)" -- "$word")) ;;
          any) ;;
          ?*) COMPREPLY=($(compgen -W "$value" -- "$word")) ;;
          *)
            if [[ $word == -* ]]; then
              COMPREPLY=($(compgen -W "$(_walstream_options "$command")" -- "$word"))
              [[ ${COMPREPLY-} != *= ]] || compopt -o nospace
            else
              _walstream_files -f "$word"
            fi
            ;;
        esac
      }

      complete -F _walstream walstream
      """;

  private BashCompletion() {}

  public static String text(List<DocumentedCommand> commands) {
    var script = new StringBuilder(HEAD);
    for (DocumentedCommand command : commands) {
      String options =
          command.table().options().stream()
              .map(BashCompletion::words)
              .collect(Collectors.joining(" "));
      script.append("    %s) echo \"%s\" ;;\n".formatted(command.name(), options));
    }
    script.append(BETWEEN);
    for (DocumentedCommand command : commands) {
      for (Option option : command.table().options()) {
        value(command.name(), option, script);
      }
    }
    String names = commands.stream().map(DocumentedCommand::name).collect(Collectors.joining(" "));
    return script.append(TAIL.replace("@COMMANDS@", names)).toString();
  }

  private static String words(Option option) {
    String letter = option.hasLetter() ? "-" + option.letter() + " " : "";
    String equals = option.argument() == Option.Argument.REQUIRED ? "=" : "";
    return letter + "--" + option.name() + equals;
  }

  private static void value(String command, Option option, StringBuilder script) {
    String value =
        switch (ValueKind.of(option)) {
          case NONE -> "";
          case DIRECTORY -> "directory";
          case FILE -> "file";
          case WORD -> String.join(" ", option.values());
          case SLOT -> "slot";
          case ANY -> "any";
        };
    if (!value.isEmpty()) {
      String letter = option.hasLetter() ? "'%s -%s' | ".formatted(command, option.letter()) : "";
      script.append(
          "    %s'%s --%s') echo \"%s\" ;;\n".formatted(letter, command, option.name(), value));
    }
  }
}
