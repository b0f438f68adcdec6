package org.walstream.send.server;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// The `options` of a start-up packet: switches as a PostgreSQL server takes them on its command
/// line, most of them another way to write a setting.
///
/// ```
/// -c name=value   -cname=value   --name=value (where - stands for _)   -S 4096 (work_mem)   -e   -fs
/// ```
///
/// Words are separated by blanks; a backslash takes the next character as it is.
///
/// Counterpart of pg_split_opts(), src/backend/utils/init/postinit.c, and
/// process_postgres_switches(), src/backend/tcop/postgres.c.
final class StartupOptions {

  /// One setting that the options make.
  record Setting(String name, String value) {}

  /// Letters that stand for a parameter whose value follows.
  private static final Map<Character, String> WITH_VALUE =
      Map.of(
          'B', "shared_buffers",
          'h', "listen_addresses",
          'k', "unix_socket_directories",
          'N', "max_connections",
          'p', "port",
          'S', "work_mem",
          'W', "post_auth_delay");

  /// Letters that stand for a parameter and its value.
  private static final Map<Character, Setting> FIXED =
      Map.of(
          'e', new Setting("datestyle", "euro"),
          'F', new Setting("fsync", "false"),
          'i', new Setting("listen_addresses", "*"),
          'l', new Setting("ssl", "true"),
          'O', new Setting("allow_system_table_mods", "true"),
          'P', new Setting("ignore_system_indexes", "true"),
          's', new Setting("log_statement_stats", "true"));

  /// Letters that mean nothing when a client sends them, with a value and without.
  private static final String IDLE_WITH_VALUE = "CDrv";

  private static final String IDLE = "bEjnT";

  private static final Map<String, String> PLANS =
      Map.of(
          "s", "enable_seqscan",
          "i", "enable_indexscan",
          "o", "enable_indexonlyscan",
          "b", "enable_bitmapscan",
          "t", "enable_tidscan",
          "n", "enable_nestloop",
          "m", "enable_mergejoin",
          "h", "enable_hashjoin");

  /// What only begins the command line of another program.
  private static final List<String> PROGRAMS =
      List.of("check", "boot", "describe-config", "single", "forkchild");

  private final List<Setting> settings = new ArrayList<>();

  private StartupOptions() {}

  /// The settings, in order.
  ///
  /// @throws ServerError with PostgreSQL's words, if a switch is none
  static List<Setting> parse(String options) throws ServerError {
    var parser = new StartupOptions();
    Iterator<String> words = words(options).iterator();
    while (words.hasNext()) {
      String word = words.next();
      if (word.equals("--")) {
        if (words.hasNext()) {
          throw invalid(words.next());
        }
      } else if (word.length() < 2 || word.charAt(0) != '-') {
        throw invalid(word);
      } else {
        parser.switches(word, words);
      }
    }
    return parser.settings;
  }

  /// Cuts the options into words.
  static List<String> words(String options) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean begun = false;
    boolean escaped = false;
    for (int i = 0; i < options.length(); i++) {
      char c = options.charAt(i);
      if (escaped) {
        word.append(c);
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
        begun = true;
      } else if (" \t\n\u000b\f\r".indexOf(c) < 0) {
        word.append(c);
        begun = true;
      } else if (begun) {
        words.add(word.toString());
        word.setLength(0);
        begun = false;
      }
    }
    if (begun) {
      words.add(word.toString());
    }
    return words;
  }

  /// One word: letters in a row, of which the last may take the rest of it, or the next word.
  private void switches(String word, Iterator<String> next) throws ServerError {
    for (int i = 1; i < word.length(); i++) {
      char letter = word.charAt(i);
      Setting fixed = FIXED.get(letter);
      if (fixed != null) {
        settings.add(fixed);
      } else if (IDLE.indexOf(letter) < 0) {
        String rest = word.substring(i + 1);
        if (rest.isEmpty() && takesValue(letter)) {
          if (!next.hasNext()) {
            throw invalid(word);
          }
          rest = next.next();
        }
        withValue(letter, rest, word);
        return;
      }
    }
  }

  private static boolean takesValue(char letter) {
    return WITH_VALUE.containsKey(letter)
        || IDLE_WITH_VALUE.indexOf(letter) >= 0
        || "-cdft".indexOf(letter) >= 0;
  }

  private void withValue(char letter, String value, String word) throws ServerError {
    switch (letter) {
      case '-', 'c' -> named(letter, value);
      case 'd' -> settings.add(new Setting("log_min_messages", "debug" + value));
      case 'f' -> settings.add(new Setting(known(PLANS.get(value), word), "false"));
      case 't' -> settings.add(new Setting(known(statistics(value), word), "true"));
      default -> {
        String name = WITH_VALUE.get(letter);
        if (name != null) {
          settings.add(new Setting(name, value));
        } else if (!takesValue(letter)) {
          throw invalid(word);
        }
      }
    }
  }

  private void named(char letter, String text) throws ServerError {
    if (letter == '-' && PROGRAMS.contains(text.split("=", 2)[0])) {
      throw ServerError.fatal(SqlState.SYNTAX_ERROR, "--" + text + " must be first argument");
    }
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw ServerError.fatal(
          SqlState.SYNTAX_ERROR, (letter == '-' ? "--" : "-c ") + text + " requires a value");
    }
    settings.add(
        new Setting(text.substring(0, equals).replace('-', '_'), text.substring(equals + 1)));
  }

  private static @Nullable String statistics(String value) {
    if (value.startsWith("pa")) {
      return "log_parser_stats";
    } else if (value.startsWith("pl")) {
      return "log_planner_stats";
    }
    return value.startsWith("e") ? "log_executor_stats" : null;
  }

  private static String known(@Nullable String name, String word) throws ServerError {
    if (name == null) {
      throw invalid(word);
    }
    return name;
  }

  private static ServerError invalid(String word) {
    return ServerError.fatal(
            SqlState.SYNTAX_ERROR, "invalid command-line argument for server process: " + word)
        .withHint("Try \"postgres --help\" for more information.");
  }
}
