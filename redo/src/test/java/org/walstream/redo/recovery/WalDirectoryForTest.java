package org.walstream.redo.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.record.WalSegmentSource;

/// The WAL of a server that has stopped, for recovery: read where it is, one timeline.
record WalDirectoryForTest(Path directory, TimelineHistory history) implements RecoveryWal {

  @Override
  public WalSegmentSource all() {
    return this::read;
  }

  @Override
  public WalSegmentSource own() {
    return this::read;
  }

  @Override
  public void restartsAt(long redoLsn, int timeline) {}

  private int read(WalSegmentName segment, int offset, ByteBuffer into) throws IOException {
    Path file = directory.resolve(segment.fileName());
    if (!Files.exists(file)) {
      return WalSegmentSource.ABSENT;
    }
    try (var channel = FileChannel.open(file)) {
      int total = 0;
      int count = 0;
      while (into.hasRemaining() && count >= 0) {
        total += count;
        count = channel.read(into, (long) offset + total);
      }
      return total + Math.max(0, count);
    }
  }
}
