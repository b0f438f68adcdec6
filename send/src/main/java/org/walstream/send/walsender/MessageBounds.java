package org.walstream.send.walsender;

import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentSize;

/// Decides how much WAL one message carries: never past the end of a segment, never more than
/// [WalBuffers#BYTES], and when there is more to come than fits, up to a page boundary, so that the
/// receiver's writes stay aligned.
///
/// Counterpart of the arithmetic in XLogSendPhysical(), walsender.c.
final class MessageBounds {

  private static final int PAGE_BYTES = 8192;

  private MessageBounds() {}

  /// @param startLsn the first byte to send
  /// @param limitLsn the end of what may be sent, after `startLsn`
  /// @return the end of the message: after `startLsn`, at most `limitLsn`
  static long end(long startLsn, long limitLsn, WalSegmentSize segmentSize) {
    long end = startLsn + WalBuffers.BYTES;
    if (!Lsn.isBefore(end, limitLsn)) {
      end = limitLsn;
    } else {
      end -= end % PAGE_BYTES;
    }
    return Lsn.min(end, startLsn + segmentSize.remaining(startLsn));
  }
}
