package org.walstream.observe.sql.dialect;

import java.util.Locale;

/// Names: in lower case unless they are quoted, and always quoted for the engine, which keeps other
/// words for itself than PostgreSQL does.
final class Identifiers {

  private Identifiers() {}

  /// The name that `written` means.
  static String name(String written) {
    return written.startsWith("\"")
        ? written.substring(1, written.length() - 1).replace("\"\"", "\"")
        : written.toLowerCase(Locale.ROOT);
  }

  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String requoted(String written) {
    return quote(name(written));
  }
}
