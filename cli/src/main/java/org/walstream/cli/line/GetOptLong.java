package org.walstream.cli.line;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.line.Option.Argument;

/// Reads a command line in the manner of getopt_long(3), wording included: options in any place,
/// short ones in clusters, long ones abbreviated, each told to the caller as it is met, so that the
/// first wrong one decides.
///
/// A drop-in for a tool of PostgreSQL's owes this to the scripts that call the tool; one program
/// reads all its command lines in one way.
final class GetOptLong {

  private final List<Option> options;
  private final Consumer<Given> each;
  private final List<String> operands = new ArrayList<>();

  private GetOptLong(List<Option> options, Consumer<Given> each) {
    this.options = options;
    this.each = each;
  }

  /// Tells `each` option in order.
  ///
  /// @return what is no option
  static List<String> parse(List<String> arguments, List<Option> options, Consumer<Given> each) {
    var parser = new GetOptLong(options, each);
    parser.parse(arguments);
    return parser.operands;
  }

  private void parse(List<String> arguments) {
    for (int at = 0; at < arguments.size(); at++) {
      String word = arguments.get(at);
      String next = at + 1 < arguments.size() ? arguments.get(at + 1) : null;
      if (word.equals("--")) {
        operands.addAll(arguments.subList(at + 1, arguments.size()));
        return;
      } else if (word.startsWith("--")) {
        at += longOption(word, next);
      } else if (word.startsWith("-") && word.length() > 1) {
        at += shortOptions(word, next);
      } else {
        operands.add(word);
      }
    }
  }

  /// @return how many words after this one it took
  private int longOption(String word, @Nullable String next) {
    int equals = word.indexOf('=');
    String given = word.substring(2, equals < 0 ? word.length() : equals);
    String value = equals < 0 ? null : word.substring(equals + 1);
    Option option = named(given, word);
    if (option.argument() == Argument.NONE && value != null) {
      throw wrong("option '--%s' doesn't allow an argument", option.name());
    }
    if (option.argument() != Argument.REQUIRED || value != null) {
      each.accept(new Given(option, value));
      return 0;
    }
    if (next == null) {
      throw wrong("option '--%s' requires an argument", option.name());
    }
    each.accept(new Given(option, next));
    return 1;
  }

  private Option named(String given, String word) {
    var found = options.stream().filter(option -> option.isMeantBy(given)).toList();
    var exact = found.stream().filter(option -> option.name().equals(given)).findFirst();
    if (exact.isPresent() || found.size() == 1) {
      return exact.orElseGet(found::getFirst);
    }
    if (found.isEmpty()) {
      throw wrong("unrecognized option '%s'", word.substring(0, 2 + given.length()));
    }
    var possibilities = new StringBuilder();
    found.forEach(option -> possibilities.append(" '--").append(option.name()).append('\''));
    throw wrong("option '%s' is ambiguous; possibilities:%s", word, possibilities);
  }

  private int shortOptions(String word, @Nullable String next) {
    for (int at = 1; at < word.length(); at++) {
      char letter = word.charAt(at);
      Option option = lettered(letter);
      if (option.argument() != Argument.REQUIRED) {
        each.accept(new Given(option, null));
      } else if (at + 1 < word.length()) {
        each.accept(new Given(option, word.substring(at + 1)));
        return 0;
      } else if (next != null) {
        each.accept(new Given(option, next));
        return 1;
      } else {
        throw wrong("option requires an argument -- '%s'", letter);
      }
    }
    return 0;
  }

  private Option lettered(char letter) {
    return options.stream()
        .filter(option -> option.letter() == letter)
        .findFirst()
        .orElseThrow(() -> wrong("invalid option -- '%s'", letter));
  }

  private static WrongOptionException wrong(String format, Object... values) {
    return new WrongOptionException(format.formatted(values));
  }
}
