package org.walstream.cli.waldump;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.walstream.wal.TimelineId;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.PageImage;
import org.walstream.wal.record.WalDefect;
import org.walstream.wal.record.XLogPageHeader;

/// Writes every page image of a record into a file of its own, whole, besides what another sink
/// makes of the record.
///
/// ```
/// 00000001-00000000-0192F0A8.1663.5.16384.7_main
/// timeline  \_ LSN: two words \_ spc.db.rel.block_fork
/// ```
///
/// Counterpart of XLogRecordSaveFPWs(). For one reader: files of WAL that turns out not to count
/// could not be taken back.
final class PageFileSink implements RecordSink {

  private final Path directory;
  private final TimelineId timeline;
  private final RecordSink other;
  private final PageImage images = new PageImage();
  private final byte[] page = new byte[XLogPageHeader.PAGE_BYTES];

  /// @param timeline whose files are read
  PageFileSink(Path directory, TimelineId timeline, RecordSink other) {
    this.directory = directory;
    this.timeline = timeline;
    this.other = other;
  }

  /// Makes sure that the directory is there and empty.
  static void prepare(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (var files = Files.newDirectoryStream(directory)) {
      if (files.iterator().hasNext()) {
        throw new WaldumpFailure("directory \"%s\" exists but is not empty".formatted(directory));
      }
    }
  }

  @Override
  public void accept(DecodedXLogRecord record) throws IOException {
    other.accept(record);
    for (int id = 0; id <= record.maxBlockId(); id++) {
      if (record.hasBlock(id) && record.block(id).hasImage()) {
        save(record, record.block(id));
      }
    }
  }

  private void save(DecodedXLogRecord record, BlockReference block) throws IOException {
    WalDefect defect = images.restore(record, block.id(), page);
    if (defect != null) {
      throw new WaldumpFailure(defect.message());
    }
    if (!ForkNumber.isValid(block.forkNumber())) {
      throw new WaldumpFailure("invalid fork number: " + block.forkNumber());
    }
    Files.write(directory.resolve(fileName(record.lsn(), block)), page);
  }

  private String fileName(long lsn, BlockReference block) {
    return "%08X-%08X-%08X.%s.%s.%s.%s_%s"
        .formatted(
            timeline.value(),
            lsn >>> 32,
            lsn & 0xFFFF_FFFFL,
            Integer.toUnsignedString(block.spcOid()),
            Integer.toUnsignedString(block.dbOid()),
            Integer.toUnsignedString(block.relNumber()),
            Integer.toUnsignedString(block.blockNumber()),
            ForkNumber.of(block.forkNumber()).forkName());
  }

  @Override
  public boolean isFull() {
    return other.isFull();
  }

  @Override
  public void emit() throws IOException {
    other.emit();
  }

  @Override
  public void discard() {
    other.discard();
  }
}
