package org.walstream.node.log;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.walstream.node.time.SystemTimeZone;
import org.walstream.observe.LoggedError;
import org.walstream.wal.time.BrokenDownTime;

/// Where log lines go and how they look: one per process, set by the program at its start and on
/// reload.
///
/// Thread-safe: the fields are replaced as one immutable value.
public final class LogSink {

  private record Format(String prefix, Severity least, PrintStream out) {}

  private static final int ERRORS_MAX = 100;
  private static final int ERROR_LENGTH_MAX = 1000;

  /// The last lines that told of something wrong. Guarded by itself.
  private static final Deque<LoggedError> ERRORS = new ArrayDeque<>();

  private static volatile Format format = new Format("", Severity.WARNING, System.err);

  private LogSink() {}

  /// Sets the form of all lines from now on.
  ///
  /// @param prefix `log_line_prefix`: %m time with milliseconds, %t time, %p process, %b the part
  ///   that logs, %% a per cent sign
  public static void configure(String prefix, Severity least, PrintStream out) {
    format = new Format(prefix, least, out);
  }

  static boolean isEnabled(Severity severity) {
    return severity.compareTo(format.least) >= 0;
  }

  static void write(Severity severity, String part, String message) {
    Format current = format;
    String priority = System.err.equals(current.out) ? Journal.prefix(severity) : "";
    var line = new StringBuilder(120).append(priority);
    appendPrefix(line, current.prefix, part);
    line.append(severity).append(":  ").append(message.replace("\n", "\n" + priority + "\t"));
    current.out.println(line);
    if (severity.tellsOfTrouble()) {
      remember(severity, part, message);
    }
  }

  private static void remember(Severity severity, String part, String message) {
    String text =
        message.length() > ERROR_LENGTH_MAX ? message.substring(0, ERROR_LENGTH_MAX) : message;
    synchronized (ERRORS) {
      if (ERRORS.size() == ERRORS_MAX) {
        ERRORS.removeFirst();
      }
      ERRORS.addLast(new LoggedError(Instant.now(), severity.toString(), part, text));
    }
  }

  /// The last lines that told of something wrong, oldest first.
  public static List<LoggedError> errors() {
    synchronized (ERRORS) {
      return List.copyOf(ERRORS);
    }
  }

  private static void appendPrefix(StringBuilder line, String prefix, String part) {
    for (int i = 0; i < prefix.length(); i++) {
      char c = prefix.charAt(i);
      if (c != '%' || i + 1 == prefix.length()) {
        line.append(c);
        continue;
      }
      switch (prefix.charAt(++i)) {
        case 'm' -> appendTime(line, true);
        case 't' -> appendTime(line, false);
        case 'p' -> line.append(ProcessHandle.current().pid());
        case 'b' -> line.append(part);
        case '%' -> line.append('%');
        default -> {} // PostgreSQL prints nothing for what a process does not have
      }
    }
  }

  private static void appendTime(StringBuilder line, boolean milliseconds) {
    long now = System.currentTimeMillis();
    var time = new BrokenDownTime(SystemTimeZone.rules());
    time.set(Math.floorDiv(now, 1000));
    line.append(time.dateAndTime());
    if (milliseconds) {
      line.append(".%03d".formatted(Math.floorMod(now, 1000)));
    }
    line.append(' ').append(time.type().abbreviation());
  }
}
