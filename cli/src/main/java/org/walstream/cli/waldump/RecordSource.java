package org.walstream.cli.waldump;

import java.io.IOException;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.WalReader;

/// Where a [Scan] gets its records: files, or a server.
interface RecordSource extends AutoCloseable {

  /// The next record, or why there is none.
  ReadResult next() throws IOException;

  /// Looks again at what comes after the last record: it may have been written since.
  ReadResult resume() throws IOException;

  @Override
  void close() throws IOException;

  /// Reads the files of `range`, from the first record at its start or after it.
  static RecordSource ofFiles(WalRange range) throws IOException {
    var source = new FromFiles(range);
    source.reader.start(range.startLsn());
    return source;
  }

  /// Files of one timeline, as pg_waldump reads them.
  final class FromFiles implements RecordSource {

    private final SegmentReader files;
    final WalReader reader;

    FromFiles(WalRange range) {
      files = range.directory().newReader();
      reader =
          new WalReader(
              files, range.directory().segmentSize(), TimelineHistory.ofFirst(range.timeline()), 0);
      reader.limit(range.endLsn());
    }

    @Override
    public ReadResult next() throws IOException {
      return reader.next();
    }

    @Override
    public ReadResult resume() throws IOException {
      reader.resume();
      return reader.next();
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }
}
