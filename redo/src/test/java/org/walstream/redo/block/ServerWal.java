package org.walstream.redo.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.WalReader;
import org.walstream.wal.record.WalSegmentSource;

/// The WAL of a server that has stopped.
public final class ServerWal {

  private ServerWal() {}

  /// Gives `each` every record from the one that starts at `startLsn`, or after it, on.
  public static void read(Path walDirectory, String startLsn, Consumer<DecodedXLogRecord> each)
      throws IOException {
    var reader =
        new WalReader(
            (segment, offset, into) -> readFile(walDirectory, segment, offset, into),
            WalSegmentSize.DEFAULT,
            TimelineHistory.ofFirst(TimelineId.FIRST),
            0);
    reader.start(Lsn.parse(startLsn).value());
    ReadResult result = reader.next();
    while (result instanceof DecodedXLogRecord record) {
      each.accept(record);
      result = reader.next();
    }
  }

  private static int readFile(
      Path walDirectory, WalSegmentName segment, int offset, ByteBuffer into) throws IOException {
    Path file = walDirectory.resolve(segment.fileName());
    if (!Files.exists(file)) {
      return WalSegmentSource.ABSENT;
    }
    try (var channel = FileChannel.open(file)) {
      int total = 0;
      int count = 0;
      while (into.hasRemaining() && count >= 0) {
        total += count;
        count = channel.read(into, offset + total);
      }
      return total + Math.max(0, count);
    }
  }
}
