package org.walstream.receive;

import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

/// What is about to be streamed, and from where. `startLsn` is the first byte of a segment.
public record StreamOrigin(
    long systemIdentifier, WalSegmentSize segmentSize, TimelineId timeline, long startLsn) {

  /// The beginning of the stream of `next`, which left this timeline at `switchLsn`: the segment
  /// that holds the switch begins anew on it.
  StreamOrigin onNext(TimelineId next, long switchLsn) {
    return new StreamOrigin(
        systemIdentifier, segmentSize, next, segmentSize.startOfSegment(switchLsn));
  }
}
