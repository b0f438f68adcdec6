package org.walstream.receive;

import java.time.Duration;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wire.message.Diagnostic;

/// Something worth telling about a receiver's work. Its text is pg_receivewal's.
public sealed interface ReceiveEvent {

  /// A connection is there and has passed the checks; WAL comes next.
  record Started(long lsn, TimelineId timeline) implements ReceiveEvent {
    @Override
    public String toString() {
      return "starting log streaming at %s (timeline %s)".formatted(Lsn.format(lsn), timeline);
    }
  }

  /// A segment has been written whole; it ends at `lsn`.
  record SegmentFinished(long lsn, TimelineId timeline) implements ReceiveEvent {
    @Override
    public String toString() {
      return "finished segment at %s (timeline %s)".formatted(Lsn.format(lsn), timeline);
    }
  }

  /// The stream goes on on another timeline, which forked off at `lsn`.
  record TimelineSwitched(TimelineId timeline, long lsn) implements ReceiveEvent {
    @Override
    public String toString() {
      return "switched to timeline %s at %s".formatted(timeline, Lsn.format(lsn));
    }
  }

  /// Everything asked for has been received.
  record EndReached(long lsn, TimelineId timeline) implements ReceiveEvent {
    @Override
    public String toString() {
      return "stopped log streaming at %s (timeline %s)".formatted(Lsn.format(lsn), timeline);
    }
  }

  /// The stream has ended within a segment: its file keeps the name of an unfinished one.
  record SegmentUnfinished(String fileName) implements ReceiveEvent {
    @Override
    public String toString() {
      return "not renaming \"%s\", segment is not complete".formatted(fileName);
    }
  }

  /// Somebody has called [WalReceiver#stop].
  record Interrupted() implements ReceiveEvent {
    @Override
    public String toString() {
      return "received interrupt signal, exiting";
    }
  }

  /// The stream has broken, or could not be opened. The reason is told each time, however often it
  /// has been told before, as a standby logs it.
  ///
  /// @param retryIn until the next attempt
  record Disconnected(Exception reason, Duration retryIn) implements ReceiveEvent {
    @Override
    public String toString() {
      return "disconnected; waiting %d seconds to try again".formatted(retryIn.toSeconds());
    }
  }

  /// The server says something.
  record Notice(Diagnostic diagnostic) implements ReceiveEvent {
    @Override
    public String toString() {
      return diagnostic.severity() + ":  " + diagnostic.message();
    }
  }
}
