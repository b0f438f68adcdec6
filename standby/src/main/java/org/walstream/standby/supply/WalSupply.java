package org.walstream.standby.supply;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.recovery.RecoveryWal;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.record.WalSegmentSource;

/// WAL for recovery, read from `pg_wal`, where [WalPlacement] puts it: a few segments ahead of the
/// reader, on threads of its own, so that nobody waits for a copy, a decompression or a command.
/// Whether a segment exists is asked once, unless it is to be asked for again.
///
/// One thread's, that of the reader.
public final class WalSupply implements RecoveryWal, Closeable {

  private static final int SEGMENTS_AHEAD = 4;

  /// Two: one copies while the other waits for the disk.
  private static final int FETCHERS = 2;

  private final WalPlacement placement;
  private TimelineHistory history;
  private final ExecutorService fetcher =
      Executors.newFixedThreadPool(
          FETCHERS, Thread.ofPlatform().daemon().name("wal fetcher ", 0).factory());

  /// The reader's.
  private final Map<WalSegmentName, CompletableFuture<Boolean>> asked = new HashMap<>();

  private @Nullable WalSegmentName latest;

  private final List<SegmentReader> readers = new ArrayList<>();

  /// @param placement used by nobody else from now on
  public WalSupply(WalPlacement placement, TimelineHistory history) {
    this.placement = placement;
    this.history = history;
  }

  @Override
  public WalSegmentSource all() {
    SegmentReader reader = newReader();
    return (segment, offset, into) -> read(reader, segment, offset, into);
  }

  @Override
  public WalSegmentSource own() {
    return newReader();
  }

  @Override
  public TimelineHistory history() {
    return history;
  }

  private SegmentReader newReader() {
    SegmentReader reader = SegmentReader.ofFinished(placement.own());
    readers.add(reader);
    return reader;
  }

  private int read(SegmentReader reader, WalSegmentName segment, int offset, ByteBuffer into)
      throws IOException {
    return await(ask(segment)) ? reader.read(segment, offset, into) : WalSegmentSource.ABSENT;
  }

  private CompletableFuture<Boolean> ask(WalSegmentName segment) {
    CompletableFuture<Boolean> answer = asked.computeIfAbsent(segment, this::submit);
    if (!segment.equals(latest)) {
      latest = segment;
      WalSegmentName ahead = segment;
      for (int i = 0; i < SEGMENTS_AHEAD; i++) {
        ahead = ahead.next();
        if (isWanted(ahead)) {
          asked.computeIfAbsent(ahead, this::submit);
        }
      }
    }
    return answer;
  }

  /// Beyond its switch point a timeline's segments are of no use.
  private boolean isWanted(WalSegmentName segment) {
    long end = history.switchPoint(segment.timeline()).orElse(0);
    return end == 0 || Lsn.isBefore(segment.startLsn(), end);
  }

  private CompletableFuture<Boolean> submit(WalSegmentName segment) {
    return onFetcher(() -> placement.place(segment));
  }

  private interface Fetch<T> {
    T run() throws IOException;
  }

  private <T> CompletableFuture<T> onFetcher(Fetch<T> fetch) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return fetch.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        fetcher);
  }

  private static <T> T await(CompletableFuture<T> answer) throws IOException {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException failed) {
        throw failed.getCause();
      }
      throw e;
    }
  }

  @Override
  public void restartsAt(long redoLsn, int timeline) throws IOException {
    neededFrom(redoLsn, timeline);
    await(
        onFetcher(() -> {
          placement.removeBefore(redoLsn);
          return true;
        }));
  }

  /// Nothing before `redoLsn` is asked for any more, nor needed in an archive.
  public void neededFrom(long redoLsn, int timeline) {
    placement.neededFrom(redoLsn, new TimelineId(timeline));
    asked.keySet().removeIf(segment -> !Lsn.isAfter(segment.endLsn(), redoLsn));
  }

  /// The oldest segment that recovery would begin with, as commands are told of it.
  public String oldestNeeded() {
    return placement.oldestNeeded();
  }

  /// Waits until nothing is being fetched any more, and has everything asked for again that is read
  /// later: it may be there now, or be another file.
  public void startAgain() throws IOException {
    for (CompletableFuture<Boolean> answer : asked.values()) {
      await(answer);
    }
    asked.clear();
    latest = null;
    for (SegmentReader reader : readers) {
      reader.close();
    }
  }

  /// The newest timeline there is now, from the one that is followed on. Whether it is to be
  /// followed is the caller's to decide.
  public TimelineHistory newestHistory() throws IOException {
    TimelineHistory known = history;
    return await(onFetcher(() -> TargetTimeline.newest(placement, known)));
  }

  /// WAL along another history is wanted from now on.
  public void follow(TimelineHistory next) {
    history = next;
  }

  @Override
  public void close() throws IOException {
    fetcher.close();
    for (SegmentReader reader : readers) {
      reader.close();
    }
  }
}
