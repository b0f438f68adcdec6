package org.walstream.wal.record;

import java.util.Arrays;
import java.util.Objects;
import org.walstream.wal.WalFormat;

/// Records that outlive the reader that gave them: whole, one after the other in an array of the
/// batch's own, where they stay until the batch is cleared. So one thread reads and hands batches
/// on, and others decode from them, each with a decoder and a record of its own.
///
/// ```java
/// while (reader.next() instanceof DecodedXLogRecord record) {
///   if (!batch.add(record)) {
///     full.put(batch);
///     batch = empty.take().clear();
///     batch.add(record);
///   }
/// }
///
/// for (int i = 0; i < batch.count(); i++) { // on another thread
///   batch.decode(i, decoder, record);
///   …
/// }
/// ```
///
/// Batches are made once and used again: filling one allocates nothing unless a record is larger
/// than the batch. Whoever hands it over sees to it that what was written is seen; from then on,
/// any number of threads may read.
public final class RecordBatch {

  private static final int INITIAL_RECORDS = 1024;

  private final int capacity;
  private byte[] bytes;
  private int used;

  private int count;
  private int[] starts = new int[INITIAL_RECORDS];
  private long[] lsns = new long[INITIAL_RECORDS];
  private long[] endLsns = new long[INITIAL_RECORDS];
  private WalFormat format = WalFormat.newest();

  /// @param capacity bytes of records that it takes
  public RecordBatch(int capacity) {
    this.capacity = capacity;
    this.bytes = new byte[capacity];
  }

  /// Copies a record to the end of the batch. A record that is larger than any batch gets one of
  /// its own.
  ///
  /// @param record of the version that wrote the others
  /// @return false when there is no room for it
  public boolean add(DecodedXLogRecord record) {
    int length = record.totalLength();
    if (length > bytes.length - used) {
      if (count > 0) {
        return false;
      }
      bytes = new byte[length];
    }
    if (count > 0 && record.format() != format) {
      throw new IllegalArgumentException(record.format() + " among records of " + format);
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      lsns = Arrays.copyOf(lsns, 2 * count);
      endLsns = Arrays.copyOf(endLsns, 2 * count);
    }
    record.copy(bytes, used);
    format = record.format();
    starts[count] = used;
    lsns[count] = record.lsn();
    endLsns[count] = record.endLsn();
    used += length;
    count++;
    return true;
  }

  /// How many records there are.
  public int count() {
    return count;
  }

  /// Bytes of all of them.
  public int byteCount() {
    return used;
  }

  /// Where the record of this index, from 0, starts in WAL.
  public long lsn(int index) {
    return lsns[Objects.checkIndex(index, count)];
  }

  /// Where it ends.
  public long endLsn(int index) {
    return endLsns[Objects.checkIndex(index, count)];
  }

  /// Makes `into` the record of this index, valid until the batch is cleared or `into` becomes
  /// another.
  public void decode(int index, RecordDecoder decoder, DecodedXLogRecord into) {
    int start = starts[Objects.checkIndex(index, count)];
    WalDefect wrong = decoder.decode(bytes, start, lsns[index], endLsns[index], format, into);
    if (wrong != null) {
      throw new IllegalStateException("decoded before, and now: " + wrong);
    }
  }

  /// Empties it: what was decoded from it is gone.
  ///
  /// @return this batch
  public RecordBatch clear() {
    if (bytes.length > capacity) {
      bytes = new byte[capacity];
    }
    used = 0;
    count = 0;
    return this;
  }
}
