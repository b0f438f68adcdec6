package org.walstream.receive;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;

/// What is checked before a byte is written: that the upstream is the cluster we expect (by its
/// system identifier), on a history that ours is part of, and writes WAL that can be replicated
/// (`wal_level` above `minimal`).
final class UpstreamChecks {

  private UpstreamChecks() {}

  static void systemIdentifier(SystemIdentification upstream, OptionalLong expected)
      throws ReceiveException {
    if (expected.isPresent() && expected.getAsLong() != upstream.systemIdentifier()) {
      throw new ReceiveException(
          "system identifier does not match between directory and server: expected %s, got %s"
              .formatted(
                  Long.toUnsignedString(expected.getAsLong()),
                  Long.toUnsignedString(upstream.systemIdentifier())));
    }
  }

  static void walLevel(String walLevel) throws ReceiveException {
    if (walLevel.equals("minimal")) {
      throw new ReceiveException(
          "WAL was generated with \"wal_level=minimal\", cannot continue recovering\n"
              + "HINT:  Set \"wal_level\" to \"replica\" or \"logical\" on the upstream server.");
    }
  }

  /// Checks that the upstream's history goes through `position`.
  ///
  /// @param history of the upstream's timeline
  /// @param reachedLsn how far WAL of that timeline is here; `position` itself at least
  static void history(TimelineHistory history, WalPosition position, long reachedLsn)
      throws ReceiveException {
    TimelineId timeline = position.timeline();
    if (history.timeline().isBefore(timeline)) {
      throw new ReceiveException(
          "starting timeline %s is not present in the server".formatted(timeline));
    }
    if (!history.contains(timeline)) {
      throw new ReceiveException(
          "WAL here is on timeline %s, which is not in the history of the server's timeline %s"
              .formatted(timeline, history.timeline()));
    }
    OptionalLong forked = history.switchPoint(timeline);
    if (forked.isPresent() && Lsn.isAfter(reachedLsn, forked.getAsLong())) {
      throw new ReceiveException(
          ("new timeline %s forked off timeline %s at %s, before %s, which has been received"
                  + " already")
              .formatted(
                  history.next(timeline).map(TimelineId::toString).orElse("?"),
                  timeline,
                  Lsn.format(forked.getAsLong()),
                  Lsn.format(reachedLsn)));
    }
  }

  /// Checks that a timeline's history here is the server's.
  static void sameHistory(TimelineId timeline, Optional<byte[]> here, byte[] upstream)
      throws IOException {
    if (here.isPresent() && !Arrays.equals(here.get(), upstream)) {
      throw new ReceiveException(
          "timeline history file \"%s\" differs from the server's: same timeline number, another history"
              .formatted(timeline.historyFileName()));
    }
  }
}
