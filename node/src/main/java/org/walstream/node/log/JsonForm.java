package org.walstream.node.log;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.walstream.observe.JsonObject;

/// A line as a server writes it with `log_destination = jsonlog`: one object, with the keys that a
/// process has which serves no client. A node is one process, and numbers all its lines.
///
/// Source: src/backend/utils/error/jsonlog.c; the manual, "Using JSON-Format Log Output".
final class JsonForm implements LogForm {

  private final Instant started = Instant.now();
  private final AtomicLong lines = new AtomicLong();

  @Override
  public String line(Instant time, Severity severity, String part, String message) {
    long pid = ProcessHandle.current().pid();
    var line =
        new JsonObject()
            .put("timestamp", LogTime.withMilliseconds(time))
            .put("pid", pid)
            .put("session_id", "%x.%x".formatted(started.getEpochSecond(), pid))
            .put("line_num", lines.incrementAndGet())
            .put("session_start", LogTime.withSeconds(started))
            .put("txid", 0)
            .put("error_severity", severity.toString());
    if (severity.tellsOfTrouble()) {
      line.put("state_code", severity == Severity.WARNING ? "01000" : "XX000");
    }
    return line.put("message", message)
        .put("backend_type", backendType(part))
        .put("query_id", 0)
        .toString();
  }

  /// Whom a server would have say it.
  private static String backendType(String part) {
    return switch (part) {
      case "receive" -> "walreceiver";
      case "send" -> "walsender";
      case "standby", "redo" -> "startup";
      case "node", "cli" -> "postmaster";
      default -> part;
    };
  }
}
