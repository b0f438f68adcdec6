package org.walstream.wal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// How a timeline came to be: the timelines before it, oldest first, and where each was left. What
/// a history file says, such as `00000003.history`:
///
/// ```
/// 1	0/3000148	no recovery target specified
///
/// 2	0/5000000	before 2026-11-24 10:00:00+00
/// ```
///
/// Each line is timeline, tab, switch point, tab, reason; empty lines and what follows `#` do not
/// count. Along this history a position belongs to exactly one timeline: a switch point is the
/// first position of the new one.
///
/// Counterpart of src/backend/access/transam/timeline.c. Timeline 1 has no file; [#ofFirst] makes
/// its history.
public record TimelineHistory(TimelineId timeline, List<Entry> ancestors) {

  /// One timeline that was left, and where.
  ///
  /// @param switchLsn the end of this timeline along the history, exclusive
  /// @param reason for people; may be empty
  public record Entry(TimelineId timeline, long switchLsn, String reason) {}

  public TimelineHistory {
    ancestors = List.copyOf(ancestors);
  }

  /// The history of a timeline that has no history file: nothing before it is known. For timeline 1
  /// that is the whole truth; PostgreSQL takes any other so too when the file is missing.
  public static TimelineHistory ofFirst(TimelineId timeline) {
    return new TimelineHistory(timeline, List.of());
  }

  /// Reads the history file of `timeline`.
  ///
  /// @throws CorruptDataException naming file and line
  public static TimelineHistory parse(TimelineId timeline, byte[] file)
      throws CorruptDataException {
    return TimelineHistoryParser.parse(timeline, new String(file, StandardCharsets.UTF_8));
  }

  /// The file as PostgreSQL would have written it: an empty line before each entry but the first.
  /// To pass a received history on, pass on its bytes instead.
  public byte[] format() {
    var text = new StringBuilder();
    for (Entry entry : ancestors) {
      text.append(text.isEmpty() ? "" : "\n")
          .append(entry.timeline())
          .append('\t')
          .append(Lsn.format(entry.switchLsn()))
          .append('\t')
          .append(entry.reason())
          .append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// The history of the timeline that leaves this one at `switchLsn`.
  public TimelineHistory branch(TimelineId next, long switchLsn, String reason) {
    var entries = new ArrayList<>(ancestors);
    entries.add(new Entry(timeline, switchLsn, reason));
    return new TimelineHistory(next, entries);
  }

  /// The history of one of its timelines.
  ///
  /// @throws IllegalArgumentException when `ancestor` is not in this history
  public TimelineHistory upTo(TimelineId ancestor) {
    return new TimelineHistory(ancestor, ancestors.subList(0, requireIndexOf(ancestor)));
  }

  /// All timelines of this history, newest first, as recovery looks for WAL.
  public List<TimelineId> timelines() {
    var all = new ArrayList<TimelineId>();
    all.add(timeline);
    ancestors.reversed().forEach(entry -> all.add(entry.timeline()));
    return List.copyOf(all);
  }

  /// True when `other` is this timeline or one of its ancestors (tliInHistory).
  public boolean contains(TimelineId other) {
    return indexOf(other) >= 0;
  }

  /// True when the byte at `lsn` of timeline `other` is part of this history.
  public boolean contains(TimelineId other, long lsn) {
    int index = indexOf(other);
    return index >= 0
        && !Lsn.isBefore(lsn, begin(index))
        && (index == ancestors.size() || Lsn.isBefore(lsn, ancestors.get(index).switchLsn()));
  }

  /// The timeline that the byte at `lsn` belongs to (tliOfPointInHistory).
  public TimelineId timelineOf(long lsn) {
    for (Entry entry : ancestors) {
      if (Lsn.isBefore(lsn, entry.switchLsn())) {
        return entry.timeline();
      }
    }
    return timeline;
  }

  /// Where this history leaves `other` (tliSwitchPoint); empty for the newest timeline, which goes
  /// on.
  ///
  /// @throws IllegalArgumentException when `other` is not in this history
  public OptionalLong switchPoint(TimelineId other) {
    int index = requireIndexOf(other);
    return index == ancestors.size()
        ? OptionalLong.empty()
        : OptionalLong.of(ancestors.get(index).switchLsn());
  }

  /// The timeline that follows `other`; empty for the newest.
  ///
  /// @throws IllegalArgumentException when `other` is not in this history
  public Optional<TimelineId> next(TimelineId other) {
    int index = requireIndexOf(other);
    return index == ancestors.size() ? Optional.empty() : Optional.of(timelineAt(index + 1));
  }

  /// Where `other` begins along this history; 0 for the oldest.
  ///
  /// @throws IllegalArgumentException when `other` is not in this history
  public long begin(TimelineId other) {
    return begin(requireIndexOf(other));
  }

  private long begin(int index) {
    return index == 0 ? 0 : ancestors.get(index - 1).switchLsn();
  }

  private TimelineId timelineAt(int index) {
    return index == ancestors.size() ? timeline : ancestors.get(index).timeline();
  }

  private int indexOf(TimelineId other) {
    for (int i = 0; i <= ancestors.size(); i++) {
      if (timelineAt(i).equals(other)) {
        return i;
      }
    }
    return -1;
  }

  private int requireIndexOf(TimelineId other) {
    int index = indexOf(other);
    if (index < 0) {
      throw new IllegalArgumentException(
          "requested timeline %s is not in this server's history".formatted(other));
    }
    return index;
  }
}
