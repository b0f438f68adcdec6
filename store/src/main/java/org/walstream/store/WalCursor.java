package org.walstream.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads WAL back, at the pace of its owner: one thread. Keeps the current segment's file open and
/// allocates nothing per read.
public interface WalCursor extends Closeable {

  /// Reads the WAL at `lsn` into `bytes`: as much as there is room for, but never across the end of
  /// a segment. The caller asks only for what has been written ([WalLog#writtenLsn]): past that, a
  /// file holds zeros or nothing of meaning.
  ///
  /// @return how many bytes were read, at least 1 if there was room
  /// @throws WalRemovedException if the segment is not (or no longer) in the directory
  int read(long lsn, ByteBuffer bytes) throws IOException;
}
