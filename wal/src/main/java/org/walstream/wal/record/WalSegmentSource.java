package org.walstream.wal.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.wal.WalSegmentName;

/// One segment's file: the caller's directory, archive or memory. Only a file that is certainly
/// absent may be reported so; one that could not be asked for is an exception. Which timeline's
/// file it shall be is [HistorySource]'s to choose.
@FunctionalInterface
public interface WalSegmentSource {

  /// What [#read] returns for a file that does not exist.
  int ABSENT = -1;

  /// Reads from `segment`'s file, from `offset` on, into the room that `into` has left.
  ///
  /// @return how many bytes were read, fewer than there is room for only at the end of the file; or
  ///   [#ABSENT]
  int read(WalSegmentName segment, int offset, ByteBuffer into) throws IOException;
}
