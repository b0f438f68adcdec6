package org.walstream.store.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.store.check.SegmentCheck.Job;
import org.walstream.store.check.SegmentCheck.Outcome;
import org.walstream.store.check.WalReport.Damage;
import org.walstream.store.check.WalReport.Gap;
import org.walstream.store.check.WalReport.Kind;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentFileName;
import org.walstream.store.segment.SegmentFileName.Stage;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.wal.CorruptDataException;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;

/// Reads all of a directory of WAL, on as many threads as are wanted: every record of every
/// segment, each seam between two, and whether what is there is all there should be. Changes
/// nothing. The directory may be in use: WAL is written at its end, files get other names, and old
/// ones go, or are used again, while it is read; nothing of this is damage or a gap.
public final class WalCheck {

  private static final int MOST_LOOKS = 100;

  private final SegmentDirectory directory;
  private final SegmentIdentity identity;
  private final boolean server;
  private final Map<TimelineId, TimelineHistory> histories = new TreeMap<>();
  private final List<Gap> gaps = new ArrayList<>();

  private WalCheck(SegmentDirectory directory, SegmentIdentity identity, boolean server) {
    this.directory = directory;
    this.identity = identity;
    this.server = server;
  }

  /// @param path the directory itself
  /// @param server whether a server writes it: then WAL ends somewhere in its newest timeline's
  ///   segments, which have the names of finished ones from the start, and some of which are
  ///   recycled
  /// @param threads how many segments are read at once
  /// @throws IOException if there is no WAL in it
  public static WalReport run(Path path, boolean server, int threads) throws IOException {
    return run(new SegmentDirectory(FileLayer.system(), path), server, threads);
  }

  static WalReport run(SegmentDirectory directory, boolean server, int threads) throws IOException {
    SegmentIdentity identity =
        directory
            .identity()
            .orElseThrow(() ->
                new IOException(
                    "could not find any WAL file in directory \"%s\"".formatted(directory.path())));
    return new WalCheck(directory, identity, server).run(threads);
  }

  private WalReport run(int threads) throws IOException {
    List<Damage> damages = new ArrayList<>();
    readHistories(damages);
    List<Job> jobs = jobs();
    var outcomes = new AtomicReferenceArray<@Nullable Outcome>(jobs.size());
    read(jobs, outcomes, threads);
    Set<WalSegmentName> here =
        list().stream().map(SegmentFileName::segment).collect(Collectors.toSet());
    var coverage = new Coverage(histories, gaps);
    long bytes = 0;
    for (int i = 0; i < jobs.size(); i++) {
      Outcome outcome = outcomes.get(i);
      if (outcome == null) {
        throw new IOException("the check was interrupted");
      }
      bytes += outcome.bytes();
      WalSegmentName segment = jobs.get(i).name().segment();
      if (!outcome.isGone() && here.contains(segment)) {
        damages.addAll(outcome.damages());
        coverage.add(segment, outcome.endLsn());
      }
    }
    damages.sort(
        Comparator.comparing(Damage::timeline)
            .thenComparing(Damage::startLsn, Long::compareUnsigned));
    return new WalReport(identity, coverage.ranges(), gaps, damages, jobs.size(), bytes);
  }

  private void readHistories(List<Damage> damages) throws IOException {
    for (TimelineId timeline : directory.timelines()) {
      try {
        TimelineHistory history = directory.history(timeline).orElse(null);
        if (history != null) {
          histories.put(timeline, history);
        } else {
          gaps.add(
              new Gap(timeline, 0, 0, "\"%s\" is missing".formatted(timeline.historyFileName())));
        }
      } catch (CorruptDataException e) {
        damages.add(
            new Damage(
                Kind.DAMAGE,
                timeline,
                0,
                0,
                timeline.historyFileName(),
                0,
                String.valueOf(e.getMessage())));
      }
    }
  }

  /// One for each segment's file, in the order of timelines and positions.
  private List<Job> jobs() throws IOException {
    List<SegmentFileName> all =
        list().stream()
            .sorted(
                Comparator.<SegmentFileName, TimelineId>comparing(name -> name.segment().timeline())
                    .thenComparing(SegmentFileName.ORDER))
            .toList();
    Map<WalSegmentName, SegmentFileName> best =
        new TreeMap<>(
            Comparator.comparing(WalSegmentName::timeline)
                .thenComparingLong(WalSegmentName::segmentNumber));
    all.forEach(name -> best.put(name.segment(), name)); // the last of a segment is the best
    List<SegmentFileName> written = server ? withoutRecycled(all) : all;
    SegmentFileName newest = written.isEmpty() ? null : written.getLast();
    var jobs = new ArrayList<Job>();
    for (SegmentFileName name : written) {
      SegmentFileName next = best.get(name.segment().next());
      boolean nextIsWritten = next != null && written.contains(next);
      jobs.add(
          new Job(
              name,
              nextIsWritten ? next : null,
              isOpen(name, newest),
              nextIsWritten && isOpen(next, newest),
              leftAt(name.segment())));
    }
    return jobs;
  }

  /// A name that changes while a directory is listed may be in the list twice, or not at all: what
  /// is listed twice in the same way was so.
  private List<SegmentFileName> list() throws IOException {
    List<SegmentFileName> names = List.of();
    for (int look = 0; look < MOST_LOOKS; look++) {
      List<SegmentFileName> before = names;
      names =
          directory.segments(identity.segmentSize()).stream()
              .filter(name -> name.stage() != Stage.NEXT)
              .toList();
      if (names.equals(before)) {
        break;
      }
    }
    return names;
  }

  private boolean isOpen(@Nullable SegmentFileName name, @Nullable SegmentFileName newest) {
    return name != null && (!name.isFinished() || (server && name.equals(newest)));
  }

  /// A server keeps files for the WAL to come, with pages of the WAL that was in them.
  private List<SegmentFileName> withoutRecycled(List<SegmentFileName> all) throws IOException {
    int end = all.size();
    while (end > 1 && isRecycled(all.get(end - 1))) {
      end--;
    }
    return all.subList(0, end);
  }

  private boolean isRecycled(SegmentFileName name) throws IOException {
    return name.isFinished() && !SegmentPages.beginsItself(directory, name);
  }

  /// The last position in `segment` where another timeline leaves its own; 0 if none does.
  private long leftAt(WalSegmentName segment) {
    long last = 0;
    for (TimelineHistory history : histories.values()) {
      for (TimelineHistory.Entry entry : history.ancestors()) {
        if (entry.timeline().equals(segment.timeline())
            && Lsn.isAfter(entry.switchLsn(), segment.startLsn())
            && !Lsn.isAfter(entry.switchLsn(), segment.endLsn())) {
          last = Lsn.max(last, entry.switchLsn());
        }
      }
    }
    return last;
  }

  private void read(List<Job> jobs, AtomicReferenceArray<@Nullable Outcome> outcomes, int threads)
      throws IOException {
    var next = new AtomicInteger();
    var readers = new ArrayList<Thread>();
    for (int i = 0; i < Math.min(threads, jobs.size()); i++) {
      readers.add(
          Thread.ofPlatform()
              .name("check " + i)
              .start(() -> {
                var check = new SegmentCheck(directory, identity);
                for (int at = next.getAndIncrement();
                    at < jobs.size();
                    at = next.getAndIncrement()) {
                  outcomes.set(at, check.checkTwice(jobs.get(at)));
                }
              }));
    }
    try {
      for (Thread reader : readers) {
        reader.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
