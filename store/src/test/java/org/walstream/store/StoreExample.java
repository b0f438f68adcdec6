package org.walstream.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

/// What README.md opens with; [ReadmeTest] sees to it that both say the same.
final class StoreExample {

  private StoreExample() {}

  static void keepAndReadBack(Path directory, long systemIdentifier, long lsn, ByteBuffer wal)
      throws IOException {
    // README begins
    try (WalStore store = WalStore.open(directory, StoreOptions.DEFAULT)) {
      WalLog log = store.openLog(systemIdentifier, WalSegmentSize.DEFAULT, TimelineId.FIRST, lsn);
      log.append(lsn, wal); // written: every reader may have it now
      log.requestFlush();
      if (log.awaitFlushed(lsn, TimeUnit.SECONDS.toNanos(10))) {
        System.out.println("durable up to " + Lsn.format(log.flushedLsn()));
      }
      ByteBuffer buffer = ByteBuffer.allocateDirect(128 << 10);
      try (WalCursor cursor = store.cursor(log.timeline(), lsn)) {
        cursor.read(lsn, buffer); // at its own pace, from whichever file holds it
      }
    }
    // README ends
  }
}
