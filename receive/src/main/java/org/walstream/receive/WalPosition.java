package org.walstream.receive;

import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;

/// A position on a timeline.
public record WalPosition(TimelineId timeline, long lsn) {

  @Override
  public String toString() {
    return Lsn.format(lsn) + " on timeline " + timeline;
  }
}
