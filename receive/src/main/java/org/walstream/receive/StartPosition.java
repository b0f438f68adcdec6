package org.walstream.receive;

import java.io.IOException;
import java.util.Optional;
import org.walstream.wal.WalSegmentSize;

/// Chooses where a stream begins, by pg_receivewal's rule: where the WAL that is here already ends,
/// else from where the slot keeps WAL, else where the server is now. Always the first byte of a
/// segment, so that no file begins in its middle.
///
/// Counterpart of StreamLog() and FindStreamingStart(), src/bin/pg_basebackup/pg_receivewal.c.
final class StartPosition {

  /// Asks the server for its slot's position.
  interface SlotPosition {
    Optional<WalPosition> read() throws IOException;
  }

  private StartPosition() {}

  static WalPosition choose(
      Optional<WalPosition> resume,
      SlotPosition slot,
      SystemIdentification system,
      WalSegmentSize segmentSize)
      throws IOException {
    if (resume.isPresent()) {
      return resume.get();
    }
    WalPosition position =
        slot.read().orElse(new WalPosition(system.timeline(), system.flushLsn()));
    return new WalPosition(position.timeline(), segmentSize.startOfSegment(position.lsn()));
  }
}
