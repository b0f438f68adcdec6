package org.walstream.wal;

import java.util.ArrayList;
import java.util.List;
import org.walstream.wal.TimelineHistory.Entry;

/// Reads history files, as strictly as readTimeLineHistory() in
/// src/backend/access/transam/timeline.c does, and names the line it cannot read.
final class TimelineHistoryParser {

  private final TimelineId timeline;
  private final List<Entry> entries = new ArrayList<>();
  private int lineNumber;

  private TimelineHistoryParser(TimelineId timeline) {
    this.timeline = timeline;
  }

  static TimelineHistory parse(TimelineId timeline, String text) throws CorruptDataException {
    var parser = new TimelineHistoryParser(timeline);
    for (String line : text.split("\n", -1)) {
      parser.lineNumber++;
      String content = line.strip();
      if (!content.isEmpty() && content.charAt(0) != '#') {
        parser.entry(content);
      }
    }
    return new TimelineHistory(timeline, parser.entries);
  }

  private void entry(String line) throws CorruptDataException {
    String[] fields = line.split("\\s+", 3);
    TimelineId ancestor;
    try {
      ancestor = TimelineId.parse(fields[0]);
    } catch (IllegalArgumentException e) {
      throw syntaxError(line, "Expected a numeric timeline ID.");
    }
    Lsn switchLsn;
    try {
      switchLsn = Lsn.parse(fields.length > 1 ? fields[1] : "");
    } catch (IllegalArgumentException e) {
      throw syntaxError(line, "Expected a write-ahead log switchpoint location.");
    }
    checkOrder(ancestor, switchLsn.value(), line);
    entries.add(new Entry(ancestor, switchLsn.value(), fields.length > 2 ? fields[2] : ""));
  }

  private void checkOrder(TimelineId ancestor, long switchLsn, String line)
      throws CorruptDataException {
    if (!entries.isEmpty() && !entries.getLast().timeline().isBefore(ancestor)) {
      throw invalid(line, "Timeline IDs must be in increasing sequence.");
    }
    if (!ancestor.isBefore(timeline)) {
      throw invalid(line, "Timeline IDs must be less than child timeline's ID.");
    }
    // Differs from PostgreSQL, which takes such a file and then finds no timeline for a position.
    if (!entries.isEmpty() && Lsn.isBefore(switchLsn, entries.getLast().switchLsn())) {
      throw invalid(line, "Switchpoint locations must not go back.");
    }
  }

  private CorruptDataException syntaxError(String line, String hint) {
    return new CorruptDataException("syntax error in history file " + place() + line, hint);
  }

  private CorruptDataException invalid(String line, String hint) {
    return new CorruptDataException("invalid data in history file " + place() + line, hint);
  }

  private String place() {
    return "\"%s\", line %d: ".formatted(timeline.historyFileName(), lineNumber);
  }
}
