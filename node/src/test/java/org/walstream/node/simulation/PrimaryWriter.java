package org.walstream.node.simulation;

import java.io.IOException;
import java.util.random.RandomGenerator;
import org.walstream.store.WalLog;
import org.walstream.store.WalStore;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;

/// Writes what [TrueHistory] says into the primary's store, bit by bit, on one timeline after the
/// other. A new life goes on where the last one has come to.
final class PrimaryWriter {

  /// What is to be written; it outlives the processes.
  static final class Plan {

    private long untilLsn;
    private boolean forks;

    /// As far as here at least, to the end of a record.
    void writeUntil(long lsn) {
      untilLsn = lsn;
    }

    /// History goes another way from the end of some record soon to be written.
    void fork() {
      forks = true;
    }
  }

  private final WalStore store;
  private final TrueHistory truth;
  private final Plan plan;
  private final SimulatedProcess process;
  private final RandomGenerator random;

  PrimaryWriter(
      WalStore store,
      TrueHistory truth,
      Plan plan,
      SimulatedProcess process,
      RandomGenerator random) {
    this.store = store;
    this.truth = truth;
    this.plan = plan;
    this.process = process;
    this.random = random;
  }

  /// Never returns.
  void run() throws IOException {
    while (true) {
      WalLog log = log();
      TimelineId timeline = log.timeline();
      boolean ends = !timeline.equals(truth.timeline());
      long end = ends ? truth.end(timeline) : truth.recordEndFrom(plan.untilLsn);
      long lsn = log.writtenLsn();
      if (ends && lsn == end) {
        continueOnNext(log);
      } else if (!ends && plan.forks && truth.mayForkAt(lsn)) {
        plan.forks = false;
        truth.forkAt(lsn);
      } else if (Lsn.isBefore(lsn, end)) {
        write(log, lsn, end);
        process.sleep(random.nextLong(100_000, 15_000_000));
      } else {
        log.requestFlush();
        process.sleep(100_000_000);
      }
    }
  }

  /// Some records, or parts of them.
  private void write(WalLog log, long lsn, long end) throws IOException {
    long to = Lsn.min(lsn + 1 + random.nextInt(60_000), end);
    long whole = truth.recordEnd(to);
    int length = (int) ((random.nextBoolean() && whole > lsn ? whole : to) - lsn);
    log.append(lsn, truth.at(log.timeline(), lsn, length));
    log.requestFlush();
  }

  private WalLog log() throws IOException {
    WalLog log = store.currentLog().orElse(null);
    return log == null
        ? open(TimelineId.FIRST, TrueHistory.START)
        : open(log.timeline(), log.restartLsn());
  }

  private WalLog open(TimelineId timeline, long fromLsn) throws IOException {
    return store.openLog(
        TrueHistory.SYSTEM_IDENTIFIER, TrueHistory.SEGMENT_SIZE, timeline, fromLsn);
  }

  /// A server copies the segment up to the fork before it writes anything of its own.
  private void continueOnNext(WalLog log) throws IOException {
    var next = new TimelineId(log.timeline().value() + 1);
    store.storeHistory(next, truth.historyFile(next));
    long fork = log.writtenLsn();
    log.finish(fork, next);
    long from = TrueHistory.SEGMENT_SIZE.startOfSegment(fork);
    WalLog begun = open(next, from);
    long to = truth.recordEndFrom(fork + 1);
    begun.append(from, truth.at(next, from, (int) (to - from)));
    begun.requestFlush();
  }
}
