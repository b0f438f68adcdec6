package org.walstream.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.walstream.store.WalLog;
import org.walstream.store.WalStore;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.WalVerifier;

/// Keeps WAL in a directory: the sink of `walstream receive` and of a relay.
public final class StoreSink implements WalSink {

  private final WalStore store;
  private final LongUnaryOperator promise;

  /// The log that is being written; null before the first stream.
  private volatile @Nullable WalLog log;

  public StoreSink(WalStore store) {
    this(store, LongUnaryOperator.identity());
  }

  /// @param promise how much of what is durable here the upstream may be told of
  public StoreSink(WalStore store, LongUnaryOperator promise) {
    this.store = store;
    this.promise = promise;
  }

  @Override
  public Optional<WalPosition> resumePosition(long systemIdentifier, WalSegmentSize segmentSize)
      throws IOException {
    return store
        .logToContinue(systemIdentifier, segmentSize)
        .map(current -> new WalPosition(current.timeline(), current.restartLsn()));
  }

  @Override
  public long reachedLsn() {
    return store.reachedLsn();
  }

  @Override
  public void begin(StreamOrigin origin) throws IOException {
    log =
        store.openLog(
            origin.systemIdentifier(), origin.segmentSize(), origin.timeline(), origin.startLsn());
  }

  @Override
  public void lead(WalVerifier verifier, StreamOrigin origin) throws IOException {
    store.lead(verifier, origin.timeline(), origin.startLsn());
  }

  @Override
  public void append(long lsn, ByteBuffer wal) throws IOException {
    begun().append(lsn, wal);
  }

  @Override
  public Optional<String> quarantine(long lsn, List<ByteBuffer> pieces) {
    return store.quarantine(begun().timeline(), lsn, pieces);
  }

  @Override
  public void requestFlush() {
    WalLog current = log;
    if (current != null) {
      current.requestFlush();
    }
  }

  @Override
  public void endTimeline(long switchLsn, TimelineId next) throws IOException {
    begun().finish(switchLsn, next);
  }

  @Override
  public Optional<byte[]> historyFile(TimelineId timeline) throws IOException {
    return store.historyFile(timeline);
  }

  @Override
  public void storeHistory(TimelineId timeline, byte[] content) throws IOException {
    store.storeHistory(timeline, content);
  }

  @Override
  public Optional<String> unfinishedFile() {
    return current().flatMap(WalLog::unfinishedFile);
  }

  @Override
  public long writtenLsn() {
    return current().map(WalLog::writtenLsn).orElse(0L);
  }

  @Override
  public long flushedLsn() {
    return current().map(WalLog::flushedLsn).orElse(0L);
  }

  @Override
  public long promisedLsn(long flushedLsn) {
    return promise.applyAsLong(flushedLsn);
  }

  @Override
  public void awaitFlushed(long beyondLsn, long timeoutNanos, BooleanSupplier calledAway)
      throws IOException {
    begun().awaitFlushed(beyondLsn, timeoutNanos, calledAway);
  }

  private Optional<WalLog> current() {
    return Optional.ofNullable(log).or(store::currentLog);
  }

  private WalLog begun() {
    WalLog current = log;
    if (current == null) {
      throw new IllegalStateException("no stream has begun");
    }
    return current;
  }
}
