package org.walstream.store.backfill;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;

/// Who has WAL that is older than ours: in a node, its upstream. Asked from several threads at
/// once.
public interface OlderWal {

  /// Takes WAL in the order of its positions; the buffer is valid only during the call.
  @FunctionalInterface
  interface Sink {
    void append(long lsn, ByteBuffer wal) throws IOException;
  }

  /// Hands the whole of `segment` to `sink`, from its first byte to its last.
  ///
  /// @throws IOException if it cannot be had; what a server answered is the exception itself
  void fetch(long systemIdentifier, WalSegmentName segment, Sink sink) throws IOException;

  /// The content of a timeline's history file.
  ///
  /// @throws IOException if it cannot be had; what a server answered is the exception itself
  byte[] history(long systemIdentifier, TimelineId timeline) throws IOException;

  /// Ends what is under way, whatever it waits for; all that is asked later fails. Returns at once.
  void stop();
}
