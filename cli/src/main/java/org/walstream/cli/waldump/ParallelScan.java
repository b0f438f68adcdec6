package org.walstream.cli.waldump;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.walstream.wal.Lsn;

/// Reads a range of WAL in chunks, several at once, with the result of one reader that goes from
/// its start to its end.
///
/// ```
///           chunk 4                   chunk 5
/// ──┬──┬───────┬───────┬──────┬──┬──────┬────────┬──
///   │  │       │       │      │  │      │        │
///      first record           │  next record: the
///      of chunk 4             │  first of chunk 5
/// ```
///
/// A chunk's records are those that start in it. Its reader finds the first one by itself, and goes
/// on to the first record after the chunk: that record's CRC and its link back prove the joint.
/// What a reader made of its chunk counts only when its first record is the one that the chunk
/// before led to; else the chunk is read again from there. So a record that covers whole chunks, a
/// segment that was left early, and the end of WAL need no further care.
///
/// Readers take chunks in order and give out in order: whoever is ahead waits for its turn, with at
/// most one full sink in its hands. There is one reader more than processors, as one will be
/// waiting.
final class ParallelScan {

  /// Small, so that what is made of a chunk stays small, and large beside the page that a reader
  /// must look at before and the one it reads after.
  private static final int CHUNK_BYTES = 1 << 20;

  private final WalRange range;
  private final RecordFilter filter;
  private final Supplier<RecordSink> sinks;
  private final BooleanSupplier interrupted;
  private final long chunkBytes;
  private final AtomicLong nextChunk = new AtomicLong();

  /// @param sinks makes a sink for each thread
  ParallelScan(
      WalRange range,
      RecordFilter filter,
      Supplier<RecordSink> sinks,
      BooleanSupplier interrupted) {
    this.range = range;
    this.filter = filter;
    this.sinks = sinks;
    this.interrupted = interrupted;
    // To begin within a compressed file is to decompress all before.
    this.chunkBytes =
        range.directory().isCompressed() ? range.directory().segmentSize().bytes() : CHUNK_BYTES;
  }

  /// True when the range is worth more than one reader.
  static boolean pays(WalRange range) {
    return Runtime.getRuntime().availableProcessors() > 1
        && (range.endLsn() == 0 || range.endLsn() - range.startLsn() > 2 * CHUNK_BYTES);
  }

  /// Reads to the end.
  ///
  /// @param firstLsn where the first record of the range starts
  ScanEnd run(long firstLsn) throws IOException {
    var turns = new Turns(firstLsn);
    for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
      Thread.ofPlatform().name("wal reader " + i).daemon().start(() -> work(turns));
    }
    return turns.awaitEnd();
  }

  private void work(Turns turns) {
    try (var reader = new ChunkReader(range, filter, sinks.get(), turns, interrupted)) {
      long number;
      do {
        number = nextChunk.getAndIncrement();
      } while (reader.read(number, Lsn.max(range.startLsn(), start(number)), start(number + 1)));
    } catch (Throwable e) {
      turns.fail(e);
    }
  }

  private long start(long number) {
    return (Long.divideUnsigned(range.startLsn(), chunkBytes) + number) * chunkBytes;
  }
}
