package org.walstream.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.walstream.store.segment.PgWalDirectory;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.WalReader;

/// Decodes the same WAL again and again on one thread of one JVM: what reading costs where neither
/// the start of a process nor the compiler counts. A program of its own, since the bench itself
/// runs with the simple compiler alone.
///
/// Arguments: the directory of WAL, the first position, the last, how many passes. Prints one line.
public final class DecodeRun {

  /// Passes after which the compiler is done.
  private static final int WARM_UP = 4;

  private DecodeRun() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    long startLsn = Lsn.parse(arguments[1]).value();
    long endLsn = Lsn.parse(arguments[2]).value();
    double[] seconds = new double[Integer.parseInt(arguments[3])];
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long records = 0;
    long allocated = 0;
    for (int pass = -WARM_UP; pass < seconds.length; pass++) {
      long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      records = decode(directory, startLsn, endLsn);
      if (pass >= 0) {
        seconds[pass] = (System.nanoTime() - start) / 1e9;
        allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
      }
    }
    Arrays.sort(seconds);
    System.out.printf(
        Locale.ROOT,
        "%.2f s, %,d records, %.2f bytes allocated per record%n",
        seconds[seconds.length / 2],
        records,
        (double) allocated / records);
  }

  private static long decode(Path directory, long startLsn, long endLsn) throws IOException {
    long records = 0;
    try (var wal = PgWalDirectory.open(directory)) {
      var history = TimelineHistory.ofFirst(TimelineId.FIRST);
      var reader = new WalReader(wal, wal.segmentSize(), history, wal.systemIdentifier());
      reader.start(startLsn);
      reader.limit(endLsn);
      while (reader.next() instanceof DecodedXLogRecord) {
        records++;
      }
    }
    return records;
  }
}
