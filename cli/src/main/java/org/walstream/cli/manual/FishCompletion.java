package org.walstream.cli.manual;

import java.util.List;
import java.util.stream.Collectors;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.Option.Argument;

/// Completion for fish.
public final class FishCompletion {

  private static final String HEAD =
      """
      # fish completion for walstream: made from its tables, by walstream completion fish

      complete -c walstream -n __fish_use_subcommand -f -a help -d 'show the commands, or the help of one'
      """;

  private FishCompletion() {}

  public static String text(List<DocumentedCommand> commands) {
    var script = new StringBuilder(HEAD);
    for (DocumentedCommand command : commands) {
      script.append(
          "complete -c walstream -n __fish_use_subcommand -f -a %s -d '%s'\n"
              .formatted(command.name(), quoted(command.summary())));
    }
    String names = commands.stream().map(DocumentedCommand::name).collect(Collectors.joining(" "));
    script.append(
        "complete -c walstream -n '__fish_seen_subcommand_from help' -f -a '%s'\n"
            .formatted(names));
    for (DocumentedCommand command : commands) {
      for (Option option : command.table().options()) {
        script.append(option(command.name(), option)).append('\n');
      }
    }
    return script.toString();
  }

  private static String option(String command, Option option) {
    String letter = option.hasLetter() ? " -s '" + option.letter() + "'" : "";
    String required = option.argument() == Argument.REQUIRED ? " -r" : "";
    String value =
        switch (ValueKind.of(option)) {
          case NONE -> " -f";
          case DIRECTORY -> " -f -a '(__fish_complete_directories)'";
          case FILE -> " -F";
          case WORD -> " -f -a '" + String.join(" ", option.values()) + "'";
          case SLOT -> " -f -a '(walstream slots (commandline -p | string collect) 2>/dev/null)'";
          case ANY -> " -f";
        };
    return "complete -c walstream -n '__fish_seen_subcommand_from %s'%s -l %s%s%s -d '%s'"
        .formatted(command, letter, option.name(), required, value, quoted(option.help()));
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }
}
