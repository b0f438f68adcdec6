package org.walstream.node.log;

import java.time.Instant;

/// A line as a server writes it to standard error, with `log_line_prefix`.
///
/// @param prefix %m time with milliseconds, %t time, %p process, %b the part that logs, %% a per
///   cent sign
record PrefixedForm(String prefix) implements LogForm {

  @Override
  public String line(Instant time, Severity severity, String part, String message) {
    var line = new StringBuilder(120);
    appendPrefix(line, time, part);
    return line.append(severity).append(":  ").append(message.replace("\n", "\n\t")).toString();
  }

  private void appendPrefix(StringBuilder line, Instant time, String part) {
    for (int i = 0; i < prefix.length(); i++) {
      char c = prefix.charAt(i);
      if (c != '%' || i + 1 == prefix.length()) {
        line.append(c);
        continue;
      }
      switch (prefix.charAt(++i)) {
        case 'm' -> line.append(LogTime.withMilliseconds(time));
        case 't' -> line.append(LogTime.withSeconds(time));
        case 'p' -> line.append(ProcessHandle.current().pid());
        case 'b' -> line.append(part);
        case '%' -> line.append('%');
        default -> {} // PostgreSQL prints nothing for what a process does not have
      }
    }
  }
}
