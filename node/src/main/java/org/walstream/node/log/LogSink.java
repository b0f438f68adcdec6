package org.walstream.node.log;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.walstream.observe.LoggedError;

/// Where log lines go and how they look: one per process, set by the program at its start and on
/// reload.
///
/// Thread-safe: the fields are replaced as one immutable value.
public final class LogSink {

  private record Format(List<LogForm> forms, Severity least, PrintStream out) {}

  private static final int ERRORS_MAX = 100;
  private static final int ERROR_LENGTH_MAX = 1000;

  /// The last lines that told of something wrong. Guarded by itself.
  private static final Deque<LoggedError> ERRORS = new ArrayDeque<>();

  /// Numbers the lines of this process.
  private static final JsonForm JSON = new JsonForm();

  private static volatile Format format =
      new Format(List.of(new PrefixedForm("")), Severity.WARNING, System.err);

  private LogSink() {}

  /// Sets the form of all lines from now on.
  ///
  /// @param prefix `log_line_prefix`: %m time with milliseconds, %t time, %p process, %b the part
  ///   that logs, %% a per cent sign
  public static void configure(
      LogDestination destination, String prefix, Severity least, PrintStream out) {
    var forms = new ArrayList<LogForm>();
    if (destination.lines()) {
      forms.add(new PrefixedForm(prefix));
    }
    if (destination.json()) {
      forms.add(JSON);
    }
    format = new Format(List.copyOf(forms), least, out);
  }

  /// Lines are a tool's from now on, until [#configure] makes them a server's.
  public static void tool(String program) {
    format = new Format(List.of(new ToolForm(program)), Severity.WARNING, System.err);
  }

  static boolean isEnabled(Severity severity) {
    return severity.compareTo(format.least) >= 0;
  }

  static void write(Severity severity, String part, String message) {
    Format current = format;
    String priority = System.err.equals(current.out) ? Journal.prefix(severity) : "";
    Instant now = Instant.now();
    for (LogForm form : current.forms) {
      String line = form.line(now, severity, part, message);
      current.out.println(priority + line.replace("\n", "\n" + priority));
    }
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
}
