package org.walstream.store;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileErrors;
import org.walstream.store.backfill.BackFill;
import org.walstream.store.backfill.BackFillStatistics;
import org.walstream.store.backfill.OlderWal;
import org.walstream.store.backfill.OwnWal;
import org.walstream.store.segment.SegmentFileName;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.WalVerifier;

/// One directory of WAL: all timelines, one lock, at most one log that is being written.
///
/// Opening it finds out what is there ([WalRecovery]) and makes the log of the newest timeline, so
/// that readers are served at once. All methods are for any thread.
public final class WalStore implements ServedWal, OwnWal, Closeable {

  private static final Logger logger = LoggerFactory.getLogger(WalStore.class);

  /// Hidden, as all files that are ours alone.
  private static final String LOCK_FILE = ".walstream.lock";

  private final WalDirectory directory;
  private final Closeable directoryLock;
  private final SpareSegments spares;
  private final SegmentMaker maker;
  private final HistoryFiles histories;
  private final Retention retention;
  private final StoreOptions options;
  private final @Nullable OlderWal older;

  private final ReentrantLock lock = new ReentrantLock();

  /// Written under the lock.
  private volatile @Nullable WalLog current;

  /// The log that has begun where there was no WAL at all. Written under the lock.
  private volatile @Nullable WalLog first;

  /// Made when there is a log. Written under the lock.
  private volatile @Nullable BackFill backFill;

  private boolean closed;

  private WalStore(
      WalDirectory directory,
      StoreOptions options,
      Closeable directoryLock,
      @Nullable OlderWal older) {
    this.options = options;
    this.older = older;
    this.directory = directory;
    this.directoryLock = directoryLock;
    this.spares = new SpareSegments(directory, options.spareSegmentsMax());
    this.maker = new SegmentMaker(directory, options, spares, options.machine()::nanoTime);
    this.histories = new HistoryFiles(directory);
    this.retention = new Retention(directory, options, spares);
  }

  /// Takes the directory at `path`, which must exist, for this process.
  ///
  /// @throws WalStoreException if somebody else has it, or a file in it is not what it must be
  public static WalStore open(Path path, StoreOptions options) throws IOException {
    return open(path, options, null);
  }

  /// The same, and WAL from before the directory's own is fetched from `older` when a reader asks
  /// for it.
  public static WalStore open(Path path, StoreOptions options, @Nullable OlderWal older)
      throws IOException {
    if (!options.files().isDirectory(path)) {
      throw new WalStoreException(
          "could not open directory \"%s\": %s"
              .formatted(
                  path,
                  options.files().exists(path) ? "Not a directory" : "No such file or directory"));
    }
    Closeable directoryLock = options.files().lockDirectory(path, LOCK_FILE, "WAL");
    try {
      StoreFormat.requireKnown(options.files(), path);
      var store = new WalStore(new WalDirectory(path, options), options, directoryLock, older);
      FormerNames.hide(options.files(), path);
      store.spares.adopt();
      store.recover();
      return store;
    } catch (IOException | RuntimeException e) {
      directoryLock.close();
      throw e;
    }
  }

  /// What cannot be read now may be readable when a stream is to begin, and stops nobody before.
  private void recover() throws IOException {
    Optional<SegmentIdentity> identity = directory.content().identity();
    if (identity.isPresent()) {
      try {
        recover(identity.get());
      } catch (FileSystemException | WalStoreException e) {
        logger.warn("could not read the WAL in \"{}\": {}", path(), FileErrors.text(e));
      }
    }
  }

  private void recover(SegmentIdentity identity) throws IOException {
    Optional<WalRecovery.End> found = new WalRecovery(directory, identity).run();
    if (found.isPresent()) {
      WalRecovery.End end = found.get();
      current = new WalLog(directory, maker, identity, end.timeline(), end.lsn(), end.tail());
    }
  }

  @Override
  public Path path() {
    return directory.path();
  }

  @Override
  public Optional<WalLog> currentLog() {
    return Optional.ofNullable(current);
  }

  /// The log that a stream goes on with, now that its server says whose WAL it sends: files that
  /// cannot tell themselves (a power loss leaves empty ones) are found by their names. A log that
  /// failed for what somebody did to its files is read anew from the directory. One that has begun
  /// and received nothing is none: what it was to begin with may not be had any more.
  public Optional<WalLog> logToContinue(long systemIdentifier, WalSegmentSize segmentSize)
      throws IOException {
    lock.lock();
    try {
      requireOpen();
      recoverIfNeeded(new SegmentIdentity(systemIdentifier, segmentSize));
      return currentLog().filter(this::hasWal);
    } finally {
      lock.unlock();
    }
  }

  /// Up to where there is WAL; 0 when there is none.
  public long reachedLsn() {
    return currentLog().filter(this::hasWal).map(WalLog::writtenLsn).orElse(0L);
  }

  private boolean hasWal(WalLog log) {
    return log != first || log.hasGrown();
  }

  private void recoverIfNeeded(SegmentIdentity identity) throws IOException {
    WalLog log = current;
    if (log != null && log.canBeReopened()) {
      log.abandon();
      current = null;
    }
    if (current == null) {
      recover(identity);
    }
  }

  private void requireOpen() throws WalLogClosedException {
    if (closed) {
      throw new WalLogClosedException(
          "WAL directory \"%s\" has been closed".formatted(directory.path()));
    }
  }

  /// The log to append to when streaming on `timeline` begins at `startLsn`: the one that is here
  /// already, or a new one if the directory is empty or the timeline new. The log of the timeline
  /// before it is ended, if it has not been finished.
  ///
  /// `startLsn` must be the start of a segment, or lie between [WalLog#restartLsn] and
  /// [WalLog#writtenLsn] of the log that is here. A log that has received nothing gives way.
  ///
  /// @throws WalStoreException if the WAL here is another cluster's, has another segment size, is
  ///   on a newer timeline, or ends before `startLsn`
  public WalLog openLog(
      long systemIdentifier, WalSegmentSize segmentSize, TimelineId timeline, long startLsn)
      throws IOException {
    var identity = new SegmentIdentity(systemIdentifier, segmentSize);
    lock.lock();
    try {
      requireOpen();
      recoverIfNeeded(identity);
      WalLog log = logFor(identity, timeline, startLsn);
      log.join();
      current = log;
      return log;
    } finally {
      lock.unlock();
    }
  }

  private WalLog logFor(SegmentIdentity identity, TimelineId timeline, long startLsn)
      throws IOException {
    WalLog log = current;
    if (log == null) {
      return firstLog(identity, timeline, startLsn);
    }
    if (!hasWal(log) && (log.hasEnded() || !log.beginsAt(identity, timeline, startLsn))) {
      log.giveWay(startLsn);
      return firstLog(identity, timeline, startLsn);
    }
    requireSameCluster(log, identity);
    if (timeline.isBefore(log.timeline())) {
      throw new WalStoreException(
          "WAL directory \"%s\" is on timeline %s already, cannot go back to timeline %s"
              .formatted(directory.path(), log.timeline(), timeline));
    }
    if (Lsn.isAfter(startLsn, log.writtenLsn())) {
      throw new WalGapException(
          "WAL in directory \"%s\" ends at %s: starting at %s would leave a gap"
              .formatted(directory.path(), Lsn.format(log.writtenLsn()), Lsn.format(startLsn)));
    }
    if (timeline.equals(log.timeline())) {
      if (log.hasEnded()) {
        return reopened(identity);
      }
      if (Lsn.isBefore(startLsn, log.restartLsn())) {
        throw new WalStoreException(
            "WAL in directory \"%s\" is complete up to %s, cannot start again at %s"
                .formatted(directory.path(), Lsn.format(log.restartLsn()), Lsn.format(startLsn)));
      }
      return log;
    }
    requireSegmentStart(identity.segmentSize(), startLsn);
    log.followedBy(timeline);
    return new WalLog(directory, maker, identity, timeline, startLsn, null);
  }

  private WalLog firstLog(SegmentIdentity identity, TimelineId timeline, long startLsn)
      throws IOException {
    requireSegmentStart(identity.segmentSize(), startLsn);
    var log = new WalLog(directory, maker, identity, timeline, startLsn, null);
    first = log;
    return log;
  }

  /// The timeline was finished, but before anything of the next one was here its stream begins once
  /// more: upstream was lost, and is asked again from where the directory ends.
  private WalLog reopened(SegmentIdentity identity) throws IOException {
    recover(identity);
    return requireNonNull(current);
  }

  private void requireSameCluster(WalLog log, SegmentIdentity identity) throws WalStoreException {
    if (log.systemIdentifier() != identity.systemIdentifier()) {
      throw new WalStoreException(
          "WAL directory \"%s\" holds WAL of the cluster with system identifier %s, not of %s"
              .formatted(
                  directory.path(),
                  Long.toUnsignedString(log.systemIdentifier()),
                  Long.toUnsignedString(identity.systemIdentifier())));
    }
    if (!log.segmentSize().equals(identity.segmentSize())) {
      throw new WalStoreException(
          "WAL directory \"%s\" holds segments of %d bytes, not of %d"
              .formatted(
                  directory.path(), log.segmentSize().bytes(), identity.segmentSize().bytes()));
    }
  }

  private void requireSegmentStart(WalSegmentSize segmentSize, long startLsn)
      throws WalStoreException {
    if (segmentSize.offset(startLsn) != 0) {
      throw new WalStoreException(
          "cannot begin WAL in directory \"%s\" at %s: not the start of a segment"
              .formatted(directory.path(), Lsn.format(startLsn)));
    }
  }

  /// Has `verifier` stand at `startLsn`, where a stream of `timeline` begins, knowing how the
  /// finished segment before it ends, if it is here: then the record that crosses into the new WAL
  /// is proven too.
  public void lead(WalVerifier verifier, TimelineId timeline, long startLsn) throws IOException {
    verifier.start(startLsn);
    WalLog log = current;
    if (log != null && log.segmentSize().offset(startLsn) == 0) {
      new SegmentProof(directory.content(), log.segmentSize()).lead(verifier, timeline, startLsn);
    }
  }

  @Override
  public WalCursor cursor(TimelineId timeline, long lsn) throws IOException {
    WalLog log = logToRead(timeline, lsn);
    return cursor(timeline, lsn, log, backFill(log));
  }

  /// Opens a reader as [#cursor] does, but never anything is fetched.
  public WalCursor ownCursor(TimelineId timeline, long lsn) throws IOException {
    WalLog log = logToRead(timeline, lsn);
    return cursor(timeline, lsn, log, null);
  }

  private WalLog logToRead(TimelineId timeline, long lsn) throws WalRemovedException {
    WalLog log = current;
    if (log == null) {
      throw new WalRemovedException(
          WalSegmentName.containing(timeline, lsn, WalSegmentSize.DEFAULT).fileName());
    }
    return log;
  }

  private WalCursor cursor(TimelineId timeline, long lsn, WalLog log, @Nullable BackFill fill)
      throws IOException {
    var cursor = WalCursor.of(this, log, historyFor(timeline, log), fill);
    try {
      if (fill == null) {
        cursor.seek(lsn);
      }
      return cursor;
    } catch (IOException | RuntimeException e) {
      cursor.close();
      throw e;
    }
  }

  StoredSegments segments() {
    return new StoredSegments(this, directory.content());
  }

  private @Nullable BackFill backFill(WalLog log) throws IOException {
    if (older == null || backFill != null) {
      return backFill;
    }
    lock.lock();
    try {
      if (backFill == null && !closed) {
        backFill =
            BackFill.into(
                directory.path(),
                options.files(),
                options.machine(),
                new SegmentIdentity(log.systemIdentifier(), log.segmentSize()),
                older,
                () -> SegmentReader.ofFinished(directory.content()));
      }
      return backFill;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<BackFillStatistics> backFillStatistics() {
    if (older == null) {
      return Optional.empty();
    }
    BackFill fill = backFill;
    return Optional.of(fill == null ? BackFillStatistics.NONE : fill.statistics());
  }

  @Override
  public boolean isOlder(long lsn) {
    WalLog log = current;
    return log != null && Lsn.isBefore(lsn, log.segmentSize().startOfSegment(log.restartLsn()));
  }

  @Override
  public boolean has(WalSegmentName segment) {
    return directory.content().find(segment) != null;
  }

  /// The history along which to look for the WAL of `timeline`. The newest timeline's, if it has
  /// followed that one: the segment of the fork may only be here as the newer one's.
  private TimelineHistory historyFor(TimelineId timeline, WalLog log) throws IOException {
    TimelineHistory newest = directory.content().history(log.timeline()).orElse(null);
    if (newest != null && newest.contains(timeline)) {
      return newest;
    }
    return directory.content().history(timeline).orElseGet(() -> TimelineHistory.ofFirst(timeline));
  }

  @Override
  public Optional<TimelineHistory> history(TimelineId timeline) throws IOException {
    return directory.content().history(timeline);
  }

  /// The content of a timeline's history file as it came, if it is here.
  public Optional<byte[]> historyFile(TimelineId timeline) throws IOException {
    return directory.content().historyFile(timeline);
  }

  /// Fetched and kept if it is not here and the log's own timeline descends from that one.
  @Override
  public Optional<byte[]> historyFileOrFetched(TimelineId timeline) throws IOException {
    Optional<byte[]> file = historyFile(timeline);
    WalLog log = current;
    if (file.isPresent() || older == null || log == null || timeline.equals(TimelineId.FIRST)) {
      return file;
    }
    if (!historyFor(log.timeline(), log).contains(timeline)) {
      return file;
    }
    try {
      storeHistory(timeline, older.history(log.systemIdentifier(), timeline));
    } catch (IOException e) {
      logger.info("could not fetch the history of timeline {}: {}", timeline, e.getMessage());
    }
    return historyFile(timeline);
  }

  /// Keeps a timeline's history file, durably, before any WAL of that timeline.
  ///
  /// @throws WalDivergedException if another one is here for the same timeline
  public void storeHistory(TimelineId timeline, byte[] content) throws IOException {
    lock.lock();
    try {
      requireOpen();
      histories.store(timeline, content);
    } finally {
      lock.unlock();
    }
  }

  /// Keeps received WAL aside that has been found not to be good. No part of what is stored.
  ///
  /// @return the file; empty if it could not be kept
  public Optional<String> quarantine(TimelineId timeline, long lsn, List<ByteBuffer> pieces) {
    return new Quarantine(directory.files(), path()).keep(timeline, lsn, pieces);
  }

  /// The oldest position from which WAL is here without a gap up to the current log's end; empty
  /// while there is no WAL.
  @Override
  public Optional<Lsn> oldestLsn() throws IOException {
    WalLog log = current;
    if (log == null) {
      return Optional.empty();
    }
    TimelineHistory history = historyFor(log.timeline(), log);
    List<SegmentFileName> segments = directory.content().segments(log.segmentSize());
    long oldest = log.restartLsn();
    for (SegmentFileName name : segments.reversed()) {
      WalSegmentName segment = name.segment();
      if (segment.endLsn() == oldest && history.contains(segment.timeline())) {
        oldest = segment.startLsn();
      }
    }
    return Optional.of(new Lsn(oldest));
  }

  /// Lets go of all segments that end at or before `lsn`, on every timeline; never of one that is
  /// not finished, nor of the last one that is, nor of one that waits for its archiver, nor of
  /// history files. Some become spare files.
  ///
  /// The last finished one tells where WAL ends when a loss of power has undone the name of the
  /// next one. Without it the directory would be found to end at what had been removed long ago, if
  /// the power has undone that as well.
  public void removeBefore(long lsn) throws IOException {
    WalLog log = current;
    BackFill fill = backFill;
    if (fill != null) {
      fill.keepFrom(lsn);
    }
    if (log != null) {
      // What is before the segment in which *flushed* is, is finished; a full one after it need
      // not.
      WalSegmentSize size = log.segmentSize();
      long finishedEnd = size.startOfSegment(Lsn.min(log.flushedLsn(), log.restartLsn()));
      retention.removeBefore(size, size.startOfSegment(Lsn.min(lsn, finishedEnd - 1)));
    }
  }

  /// No segment before this position may be trusted to be what its name says any more.
  long removedBefore() {
    return retention.removedBefore();
  }

  /// The log of `timeline`, if it is the current one.
  @Nullable WalLog logOf(TimelineId timeline) {
    WalLog log = current;
    return log != null && log.timeline().equals(timeline) ? log : null;
  }

  /// Flushes what was written, lets all waiters go, waits for all who write here to end, and gives
  /// the directory free. Cursors still read.
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      BackFill fill = backFill;
      if (fill != null) {
        fill.close();
      } else if (older != null) {
        older.stop();
      }
      WalLog log = current;
      if (log != null && log.canBeReopened()) {
        log.abandon();
      } else if (log != null) {
        log.close();
      }
    } finally {
      lock.unlock();
      directoryLock.close();
    }
  }
}
