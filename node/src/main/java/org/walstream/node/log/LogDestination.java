package org.walstream.node.log;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Where the log goes, and so how its lines look: the value of `log_destination`, a list.
///
/// Everything goes to standard error, whose reader (journald, a container's runtime) keeps it:
/// `stderr` is a line with `log_line_prefix`, `jsonlog` an object on a line of its own. `csvlog`
/// and `syslog` are taken, so that a server's file can be, and are `stderr` here.
///
/// Counterpart of check_log_destination(), src/backend/utils/error/elog.c. Immutable.
///
/// @param text as it was written, for SHOW
public record LogDestination(String text, boolean lines, boolean json) {

  public static final LogDestination STDERR = new LogDestination("stderr", true, false);

  private static final String JSONLOG = "jsonlog";
  private static final Set<String> LINES = Set.of("stderr", "csvlog", "syslog");

  /// @throws IllegalArgumentException saying in PostgreSQL's words what is wrong
  public static LogDestination parse(String text) {
    List<String> words =
        text.isBlank()
            ? List.of()
            : Arrays.stream(text.split(",", -1))
                .map(word -> word.strip().toLowerCase(Locale.ROOT))
                .toList();
    for (String word : words) {
      if (word.isEmpty() || word.indexOf(' ') >= 0) {
        throw new IllegalArgumentException("List syntax is invalid.");
      } else if (!word.equals(JSONLOG) && !LINES.contains(word)) {
        throw new IllegalArgumentException("Unrecognized key word: \"" + word + "\".");
      }
    }
    boolean json = words.contains(JSONLOG);
    return new LogDestination(text, !json || words.size() > 1, json);
  }
}
