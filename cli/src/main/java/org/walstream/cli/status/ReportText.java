package org.walstream.cli.status;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.JsonObject;

/// What servers have answered, as lines for people or as JSON.
final class ReportText {

  private ReportText() {}

  static String lines(ServerReport report) {
    if (!report.isReachable()) {
      return report.pid().isPresent()
          ? "%s: node is running (PID: %d), but cannot be asked: %s%n"
              .formatted(report.server(), report.pid().getAsLong(), report.failure())
          : "%s: cannot be asked: %s%n".formatted(report.server(), report.failure());
    }
    Map<String, String> node = report.rows("node").getFirst();
    String name = node.getOrDefault("name", "");
    var text = new StringBuilder();
    text.append(
        "%s%s: PostgreSQL %s, %s%n"
            .formatted(
                report.server(),
                name.isEmpty() ? "" : " (" + name + ")",
                node.getOrDefault("version", "?"),
                report.problems().isEmpty() ? "well" : String.join("; ", report.problems())));
    for (var row : report.rows("upstream")) {
      text.append(
          line(
              "upstream",
              sender(row),
              row.getOrDefault("status", "?"),
              "flushed " + row.getOrDefault("flushed_lsn", "?"),
              "behind " + size(row.get("behind_bytes")),
              rate(report, "upstream", "")));
    }
    if (node.getOrDefault("in_recovery", "").equals("t") && !ServerQuestions.hasUpstream(node)) {
      text.append(line("upstream", "none (primary_conninfo is not set)"));
    }
    for (var row : report.rows("standbys")) {
      text.append(
          line(
              "standby",
              row.getOrDefault("application_name", "?"),
              row.getOrDefault("state", "?"),
              "flushed " + row.getOrDefault("flush_lsn", "?"),
              "behind " + size(row.get("behind_bytes")),
              rate(report, "standby", row.getOrDefault("application_name", ""))));
    }
    for (var row : report.rows("slots")) {
      text.append(
          line(
              "slot",
              row.getOrDefault("slot_name", "?"),
              row.getOrDefault("wal_status", "unused"),
              row.getOrDefault("active", "").equals("t") ? "active" : "inactive",
              "holds " + size(row.get("held_bytes")),
              row.containsKey("safe_wal_size") ? "safe " + size(row.get("safe_wal_size")) : ""));
    }
    for (var row : report.rows("store")) {
      text.append(
          line(
              "store",
              "timeline " + row.getOrDefault("timeline", "?"),
              row.getOrDefault("oldest_lsn", "?") + " to " + row.getOrDefault("flushed_lsn", "?"),
              "",
              size(row.get("bytes")),
              "disk " + size(row.get("disk_free")) + " free"));
    }
    for (var row : report.rows("errors")) {
      text.append(
          "  %-9s %s %s: %s%n"
              .formatted(
                  "log",
                  row.getOrDefault("time", ""),
                  row.getOrDefault("severity", ""),
                  row.getOrDefault("message", "")));
    }
    return text.toString();
  }

  private static String sender(Map<String, String> receiver) {
    String host = receiver.get("sender_host");
    return host == null ? "never connected" : host + ":" + receiver.get("sender_port");
  }

  private static String line(String subject, String... columns) {
    var line = new StringBuilder("  %-9s".formatted(subject));
    for (String column : columns) {
      line.append(" %-22s".formatted(column));
    }
    return line.toString().stripTrailing() + System.lineSeparator();
  }

  private static String rate(ServerReport report, String subject, String name) {
    for (var row : report.rows("throughput")) {
      if (row.getOrDefault("subject", "").equals(subject)
          && (name.isEmpty() || row.getOrDefault("name", "").equals(name))
          && row.containsKey("bytes_per_second")) {
        return size(
                Long.toString((long) Double.parseDouble(row.getOrDefault("bytes_per_second", "0"))))
            + "/s";
      }
    }
    return "";
  }

  /// Bytes as people read them; a question mark for what is not known.
  static String size(@Nullable String bytes) {
    if (bytes == null) {
      return "?";
    }
    double value = Double.parseDouble(bytes);
    for (String unit : List.of("B", "kB", "MB", "GB")) {
      if (Math.abs(value) < 10_240) {
        return "%.0f %s".formatted(value, unit);
      }
      value /= 1024;
    }
    return "%.0f TB".formatted(value);
  }

  static JsonObject json(ServerReport report) {
    var json = new JsonObject().put("server", report.server());
    report.pid().ifPresent(pid -> json.put("pid", pid));
    json.put("reachable", report.isReachable());
    if (!report.isReachable()) {
      return json.put("error", report.failure());
    }
    json.put("well", report.problems().isEmpty());
    json.put(
        "problems",
        report.problems().stream().map(problem -> new JsonObject().put("text", problem)).toList());
    report
        .answers()
        .forEach((subject, rows) -> json.put(subject, rows.stream().map(ReportText::row).toList()));
    return json;
  }

  private static JsonObject row(Map<String, String> values) {
    var row = new JsonObject();
    values.forEach((name, value) -> {
      switch (value) {
        case "t" -> row.put(name, true);
        case "f" -> row.put(name, false);
        default -> {
          if (value.matches("-?\\d{1,15}") && !name.equals("system_identifier")) {
            row.put(name, Long.parseLong(value));
          } else {
            row.put(name, value);
          }
        }
      }
    });
    return row;
  }
}
