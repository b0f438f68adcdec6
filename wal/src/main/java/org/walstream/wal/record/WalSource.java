package org.walstream.wal.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.wal.TimelineId;

/// Where WAL at a position comes from, whoever has it: the log here, a directory of segments, a
/// server. It owns the choice of timeline. One reader's: what it has open is for one thread.
public interface WalSource {

  /// What [#read] returns for WAL that nobody here has.
  int ABSENT = -1;

  /// Reads the WAL at `lsn` into the room that `into` has left, but never across the end of a
  /// segment.
  ///
  /// @return how many bytes were read, fewer than there is room for only where a file, or what may
  ///   be read of it, ends; or [#ABSENT], if certainly so. What could not be asked for is an
  ///   exception
  int read(long lsn, ByteBuffer into) throws IOException;

  /// The timeline of the file that was read last, or, after [#ABSENT], of the one that should be
  /// there.
  TimelineId timeline();
}
