package org.walstream.node.simulation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.crafted.CraftedWal;

/// The WAL that is right: what the primary writes, on each of its timelines.
final class TrueHistory {

  static final long SYSTEM_IDENTIFIER = CraftedWal.SYSTEM_IDENTIFIER;
  static final WalSegmentSize SEGMENT_SIZE = new WalSegmentSize(1 << 20);
  static final long START = 3L << 20;

  /// More than any run writes.
  static final int BYTES = 3 << 20;

  /// All runs begin with the same; made once.
  private static final Branch FIRST = Branch.first();

  /// One timeline's WAL from the very beginning, along its history.
  private static final class Branch {

    private final CraftedWal wal;
    private final byte[] bytes;
    private final NavigableSet<Long> recordEnds;

    private Branch(CraftedWal wal, NavigableSet<Long> recordEnds) {
      this.wal = wal;
      this.bytes = wal.bytes();
      this.recordEnds = recordEnds;
    }

    static Branch first() {
      CraftedWal wal = CraftedWal.of(WalFormat.PG_18, SEGMENT_SIZE, START);
      return filled(wal, new TreeSet<>(), new SplittableRandom(1));
    }

    static Branch filled(CraftedWal wal, NavigableSet<Long> ends, SplittableRandom random) {
      while (wal.endLsn() < START + BYTES) {
        wal.record(random.nextInt(8) == 0 ? random.nextInt(2, 30_000) : random.nextInt(2, 400));
        ends.add(wal.endLsn());
      }
      return new Branch(wal, ends);
    }

    Branch forkedAt(long lsn, int timeline, long seed) {
      return filled(
          wal.forkedAt(lsn, timeline),
          new TreeSet<>(recordEnds.headSet(lsn, true)),
          new SplittableRandom(seed));
    }
  }

  private final List<Branch> branches = new ArrayList<>(List.of(FIRST));
  private final List<Long> forks = new ArrayList<>();

  /// The timeline that the primary is on.
  TimelineId timeline() {
    return new TimelineId(branches.size());
  }

  /// True where a record of the newest timeline's own ends: after a loss of power it may not have
  /// come as far yet.
  boolean mayForkAt(long lsn) {
    return recordEnd(lsn) == lsn && (forks.isEmpty() || lsn > forks.getLast());
  }

  /// From `lsn` on, where a record ends, history goes another way.
  void forkAt(long lsn) {
    branches.add(branches.getLast().forkedAt(lsn, branches.size() + 1, lsn));
    forks.add(lsn);
  }

  /// Where `timeline`, which is not the newest, ends.
  long end(TimelineId timeline) {
    return forks.get(timeline.value() - 1);
  }

  /// The content of the history file of `timeline`.
  byte[] historyFile(TimelineId timeline) {
    var text = new StringBuilder();
    for (int ancestor = 1; ancestor < timeline.value(); ancestor++) {
      text.append(ancestor)
          .append('\t')
          .append(Lsn.format(forks.get(ancestor - 1)))
          .append("\tno recovery target specified\n");
    }
    return text.toString().getBytes(US_ASCII);
  }

  /// The last end of a record that is not beyond `lsn`.
  long recordEnd(long lsn) {
    Long end = branches.getLast().recordEnds.floor(lsn);
    return end == null ? START : end;
  }

  /// The first end of a record that is not before `lsn`.
  long recordEndFrom(long lsn) {
    Long end = branches.getLast().recordEnds.ceiling(lsn);
    return end == null ? lsn : end;
  }

  /// What stands at `lsn` along the history of `timeline`.
  ByteBuffer at(TimelineId timeline, long lsn, int length) {
    byte[] bytes = branches.get(timeline.value() - 1).bytes;
    return ByteBuffer.wrap(bytes, (int) (lsn - START), length).slice();
  }
}
