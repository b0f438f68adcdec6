package org.walstream.cli.check;

import java.util.List;
import java.util.Locale;
import org.walstream.node.Finding;
import org.walstream.observe.JsonObject;

/// Findings as lines, or as JSON.
final class FindingsText {

  private FindingsText() {}

  static String lines(List<Finding> findings) {
    var text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(
          "%-8s %-14s %s%n".formatted(word(finding.level()), finding.topic(), finding.text()));
      if (!finding.advice().isEmpty()) {
        text.append("%-23s %s%n".formatted("", "→ " + finding.advice()));
      }
    }
    return text.append(
            "%d errors, %d warnings%n"
                .formatted(
                    count(findings, Finding.Level.ERROR), count(findings, Finding.Level.WARNING)))
        .toString();
  }

  static JsonObject json(List<Finding> findings) {
    return new JsonObject()
        .put(
            "findings",
            findings.stream()
                .map(finding ->
                    new JsonObject()
                        .put("level", word(finding.level()))
                        .put("topic", finding.topic())
                        .put("text", finding.text())
                        .put("advice", finding.advice()))
                .toList())
        .put("errors", count(findings, Finding.Level.ERROR))
        .put("warnings", count(findings, Finding.Level.WARNING));
  }

  private static String word(Finding.Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private static long count(List<Finding> findings, Finding.Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }
}
