package org.walstream.node.log;

import java.time.Instant;

/// A line as a server writes it to standard error, with `log_line_prefix`.
///
/// @param prefix %m time with milliseconds, %t time, %n the same as a number, %p process, %b the
///   part that logs, %% a per cent sign, each with a width if wanted (`%-8p`); %q ends it, for a
///   line is no session's
record PrefixedForm(String prefix) implements LogForm {

  private static final int MOST_DIGITS = 4;

  @Override
  public String line(Instant time, Severity severity, String part, String message) {
    var line = new StringBuilder(120);
    appendPrefix(line, time, part);
    return line.append(severity).append(":  ").append(message.replace("\n", "\n\t")).toString();
  }

  private void appendPrefix(StringBuilder line, Instant time, String part) {
    for (int i = 0; i < prefix.length(); i++) {
      char c = prefix.charAt(i);
      if (c != '%') {
        line.append(c);
        continue;
      }
      int from = i + 1;
      i = from;
      while (i < prefix.length()
          && i - from < MOST_DIGITS
          && isWidth(prefix.charAt(i), i == from)) {
        i++;
      }
      if (i == prefix.length() || prefix.charAt(i) == 'q') {
        return;
      }
      line.append(padded(prefix.substring(from, i), escape(prefix.charAt(i), time, part)));
    }
  }

  private static boolean isWidth(char c, boolean first) {
    return Character.isDigit(c) || (first && c == '-');
  }

  private static String escape(char escape, Instant time, String part) {
    return switch (escape) {
      case 'm' -> LogTime.withMilliseconds(time);
      case 't' -> LogTime.withSeconds(time);
      case 'n' -> "%d.%03d".formatted(time.getEpochSecond(), time.getNano() / 1_000_000);
      case 'p' -> Long.toString(ProcessHandle.current().pid());
      case 'b' -> part;
      case '%' -> "%";
      case 'x', 'Q' -> "0"; // no transaction, no query
      default -> ""; // PostgreSQL prints nothing for what a process does not have
    };
  }

  /// @param width columns, to the left of which the text is if there is a `-` before it
  private static String padded(String width, String text) {
    String digits = width.replace("-", "");
    int columns = digits.isEmpty() ? 0 : Integer.parseInt(digits);
    String room = " ".repeat(Math.max(0, columns - text.length()));
    return width.startsWith("-") ? text + room : room + text;
  }
}
