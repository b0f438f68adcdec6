package org.walstream.standby;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.record.WalSegmentSource;

/// The segments of a standby's `pg_wal` for one who is sent them, some of which may go while he
/// reads. One thread's.
final class CascadedSegments implements WalSegmentSource, Closeable {

  private final SegmentReader reader;
  private final CascadedWal wal;

  CascadedSegments(SegmentReader reader, CascadedWal wal) {
    this.reader = reader;
    this.wal = wal;
  }

  @Override
  public int read(WalSegmentName segment, int offset, ByteBuffer into) throws IOException {
    int start = into.position();
    int read = reader.read(segment, offset, into);
    // Looked at after reading: the file may by now be written over with other WAL.
    if (Lsn.isBefore(segment.startLsn() + offset, wal.removedBefore())) {
      into.position(start);
      return ABSENT;
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
