package org.walstream.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.WalVerifier;

/// Where a receiver puts WAL, and what it may promise upstream about it. [StoreSink] keeps it in a
/// directory; [HandlerSink] hands it to a program.
///
/// Threads: everything that changes the sink comes from the receiver's reading thread; the
/// positions are asked by the thread that writes replies, and by anybody.
public interface WalSink {

  /// Where streaming must begin to continue what is here: the first byte of a segment. Empty when
  /// there is nothing to continue.
  ///
  /// @param systemIdentifier the cluster that is about to send
  /// @param segmentSize its segments' size
  Optional<WalPosition> resumePosition(long systemIdentifier, WalSegmentSize segmentSize)
      throws IOException;

  /// How far the WAL reaches that is here already, on the timeline of [#resumePosition]; its LSN at
  /// least. 0 when there is nothing.
  long reachedLsn();

  /// Says what comes next. Called before each stream, and again when a timeline ends and the next
  /// begins; where there is nothing yet, when the server has agreed to send.
  ///
  /// @throws IOException if it does not fit what is here already: another cluster, another segment
  ///   size, a gap
  void begin(StreamOrigin origin) throws IOException;

  /// Has `verifier` stand where `origin` begins, knowing the WAL before it as far as the sink has
  /// it. Called after [#begin].
  default void lead(WalVerifier verifier, StreamOrigin origin) throws IOException {
    verifier.start(origin.startLsn());
  }

  /// Takes the WAL at `lsn`, which goes on where the last piece ended, and is valid only during the
  /// call.
  void append(long lsn, ByteBuffer wal) throws IOException;

  /// Keeps aside WAL that has been found not to be good, to be looked at: it is no part of the WAL
  /// here. Valid only during the call.
  ///
  /// @param lsn where the pieces, one after the other, claim to stand
  /// @return where; empty if it is not kept
  default Optional<String> quarantine(long lsn, List<ByteBuffer> pieces) {
    return Optional.empty();
  }

  /// Asks for everything appended to be made durable soon; returns at once.
  void requestFlush();

  /// The timeline ends at `switchLsn`, and goes on as `next`, whose history has been stored by now.
  void endTimeline(long switchLsn, TimelineId next) throws IOException;

  /// A timeline's history file, if it is here.
  Optional<byte[]> historyFile(TimelineId timeline) throws IOException;

  /// Keeps a timeline's history file, durably.
  void storeHistory(TimelineId timeline, byte[] content) throws IOException;

  /// What the file is called of the segment that is not complete yet; empty when there is none.
  default Optional<String> unfinishedFile() {
    return Optional.empty();
  }

  /// The end of the WAL handed to the file system.
  long writtenLsn();

  /// The end of the WAL that survives a crash.
  long flushedLsn();

  /// How much of what is durable here may be called so to the upstream: all of it, unless others
  /// have to have it too; 0 while it is not known how much they have.
  ///
  /// @param flushedLsn the end of what is durable here, and has been found good
  default long promisedLsn(long flushedLsn) {
    return flushedLsn;
  }

  /// The end of the WAL that has been replayed; 0 when nobody here replays.
  default long appliedLsn() {
    return 0;
  }

  /// Waits until [#flushedLsn] is beyond `beyondLsn`, the time is up, or `calledAway`, which is
  /// looked at whenever the thread is unparked.
  ///
  /// @throws IOException when nothing can be made durable any more
  void awaitFlushed(long beyondLsn, long timeoutNanos, BooleanSupplier calledAway)
      throws IOException;
}
