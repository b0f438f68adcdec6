package org.walstream.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

/// Hands WAL to a program and takes its word for what is safe: start at a position, receive without
/// needless copies, report positions from any thread without waiting for anything.
///
/// ```java
/// var sink = HandlerSink.from(position, (lsn, wal) -> channel.write(wal));
/// var receiver = new WalReceiver(options, sink, ReceiveListener.SILENT);
/// Thread.ofPlatform().start(receiver::run);
/// …
/// sink.report(written, flushed, 0);   // from whichever thread knows
/// ```
public final class HandlerSink implements WalSink {

  private final WalHandler handler;
  private final Map<TimelineId, byte[]> histories = new ConcurrentHashMap<>();

  private @Nullable WalPosition resume;
  private volatile long receivedLsn;
  private volatile long writtenLsn;
  private volatile long flushedLsn;
  private volatile long appliedLsn;
  private volatile @Nullable Thread waiter;

  private HandlerSink(@Nullable WalPosition from, WalHandler handler) {
    this.resume = from;
    this.handler = handler;
    if (from != null) {
      setPositions(from.lsn());
    }
  }

  /// Begins at exactly `from`.
  public static HandlerSink from(WalPosition from, WalHandler handler) {
    return new HandlerSink(from, handler);
  }

  /// Begins where the slot keeps WAL from or, without a slot, at the start of the server's current
  /// segment.
  public static HandlerSink fromUpstream(WalHandler handler) {
    return new HandlerSink(null, handler);
  }

  private void setPositions(long lsn) {
    receivedLsn = lsn;
    writtenLsn = lsn;
    flushedLsn = lsn;
  }

  /// Tells the sender, when it is next told anything, what has become of the WAL handed over. A
  /// position that is not ahead of the one before says nothing new. From one thread at a time;
  /// never waits.
  ///
  /// @param appliedLsn 0 when nothing is replayed
  /// @throws IllegalArgumentException for positions past what has been handed over
  public void report(long writtenLsn, long flushedLsn, long appliedLsn) {
    if (Lsn.isAfter(writtenLsn, receivedLsn) || Lsn.isAfter(flushedLsn, writtenLsn)) {
      throw new IllegalArgumentException(
          "cannot report %s written and %s flushed when %s has been received"
              .formatted(Lsn.format(writtenLsn), Lsn.format(flushedLsn), Lsn.format(receivedLsn)));
    }
    this.writtenLsn = Lsn.max(writtenLsn, this.writtenLsn);
    this.flushedLsn = Lsn.max(flushedLsn, this.flushedLsn);
    this.appliedLsn = Lsn.max(appliedLsn, this.appliedLsn);
    LockSupport.unpark(waiter);
  }

  @Override
  public Optional<WalPosition> resumePosition(long systemIdentifier, WalSegmentSize segmentSize) {
    return Optional.ofNullable(resume);
  }

  @Override
  public long reachedLsn() {
    return receivedLsn;
  }

  @Override
  public void begin(StreamOrigin origin) throws IOException {
    WalPosition last = resume;
    if (last == null || !last.timeline().equals(origin.timeline())) {
      setPositions(origin.startLsn());
    }
    resume = new WalPosition(origin.timeline(), origin.startLsn());
    handler.started(origin);
  }

  @Override
  public void append(long lsn, ByteBuffer wal) throws IOException {
    long endLsn = lsn + wal.remaining();
    receivedLsn = endLsn;
    WalPosition stream = resume;
    if (stream != null) {
      handler.wal(lsn, wal);
      resume = new WalPosition(stream.timeline(), endLsn);
    }
  }

  @Override
  public void requestFlush() {}

  @Override
  public void endTimeline(long switchLsn, TimelineId next) throws IOException {
    handler.timelineEnded(switchLsn, next);
  }

  @Override
  public Optional<byte[]> historyFile(TimelineId timeline) {
    return Optional.ofNullable(histories.get(timeline));
  }

  @Override
  public void storeHistory(TimelineId timeline, byte[] content) {
    histories.put(timeline, content);
  }

  @Override
  public long writtenLsn() {
    return writtenLsn;
  }

  @Override
  public long flushedLsn() {
    return flushedLsn;
  }

  @Override
  public long appliedLsn() {
    return appliedLsn;
  }

  @Override
  public void awaitFlushed(long beyondLsn, long timeoutNanos, BooleanSupplier calledAway) {
    waiter = Thread.currentThread();
    long deadline = System.nanoTime() + Math.min(timeoutNanos, Long.MAX_VALUE / 2);
    while (!calledAway.getAsBoolean() && !Lsn.isAfter(flushedLsn, beyondLsn)) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return;
      }
      LockSupport.parkNanos(this, left);
    }
  }
}
