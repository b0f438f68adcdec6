package org.walstream.store.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.walstream.store.check.WalReport.Gap;
import org.walstream.store.check.WalReport.Range;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;

/// What is here as ranges, and what is missing between them. Segments are added by timeline and
/// position. One thread.
final class Coverage {

  private final Map<TimelineId, TimelineHistory> histories;
  private final List<Gap> gaps;
  private final Map<TimelineId, List<Range>> ranges = new TreeMap<>();

  /// @param gaps are added to
  Coverage(Map<TimelineId, TimelineHistory> histories, List<Gap> gaps) {
    this.histories = histories;
    this.gaps = gaps;
  }

  /// @param endLsn where WAL ends within the segment
  void add(WalSegmentName segment, long endLsn) {
    List<Range> known = ranges.computeIfAbsent(segment.timeline(), t -> new ArrayList<>());
    Range last = known.isEmpty() ? null : known.getLast();
    if (last == null || Lsn.isBefore(last.endLsn(), segment.startLsn())) {
      known.add(new Range(segment.timeline(), segment.startLsn(), endLsn, 1));
    } else if (last.endLsn() == segment.startLsn()) {
      known.removeLast();
      known.add(new Range(last.timeline(), last.startLsn(), endLsn, last.segments() + 1));
    } else if (Lsn.isBefore(last.endLsn(), endLsn)) { // the same segment once more, and more of it
      known.removeLast();
      known.add(new Range(last.timeline(), last.startLsn(), endLsn, last.segments()));
    }
  }

  List<Range> ranges() {
    for (var entry : ranges.entrySet()) {
      findGaps(entry.getValue());
      findGapBefore(entry.getKey(), entry.getValue().getFirst());
    }
    return ranges.values().stream().flatMap(List::stream).toList();
  }

  private void findGaps(List<Range> within) {
    Range before = within.getFirst();
    for (Range range : within.subList(1, within.size())) {
      long missingFrom = before.endLsn();
      long missingTo = range.startLsn();
      gaps.add(
          new Gap(
              range.timeline(), missingFrom, missingTo, "missing between segments that are here"));
      before = range;
    }
  }

  /// A timeline begins in the segment in which it left its parent; the parent must reach that
  /// point, if any of its WAL is here at all.
  private void findGapBefore(TimelineId timeline, Range first) {
    TimelineHistory history = histories.get(timeline);
    if (history == null || history.ancestors().isEmpty()) {
      return;
    }
    TimelineHistory.Entry parent = history.ancestors().getLast();
    List<Range> before = ranges.get(parent.timeline());
    if (before == null || Lsn.isAfter(before.getFirst().startLsn(), parent.switchLsn())) {
      return;
    }
    long reached = before.getFirst().endLsn();
    for (Range range : before) {
      if (!Lsn.isAfter(range.startLsn(), parent.switchLsn())) {
        reached = range.endLsn();
      }
    }
    if (Lsn.isBefore(reached, parent.switchLsn()) && Lsn.isBefore(reached, first.startLsn())) {
      gaps.add(
          new Gap(
              parent.timeline(),
              reached,
              Lsn.min(parent.switchLsn(), first.startLsn()),
              "timeline %s leaves timeline %s at %s"
                  .formatted(timeline, parent.timeline(), Lsn.format(parent.switchLsn()))));
    }
    if (Lsn.isAfter(first.startLsn(), parent.switchLsn())) {
      gaps.add(
          new Gap(
              timeline,
              parent.switchLsn(),
              first.startLsn(),
              "timeline %s begins at %s".formatted(timeline, Lsn.format(parent.switchLsn()))));
    }
  }
}
