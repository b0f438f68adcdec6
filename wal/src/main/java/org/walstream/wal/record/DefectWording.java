package org.walstream.wal.record;

import org.walstream.wal.Lsn;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentName;

/// How PostgreSQL words what is wrong with WAL, where its versions differ. PostgreSQL 16 began to
/// name the position in messages about pages, to say "expected at least" for "wanted", and to quote
/// file names.
///
/// The other messages are the same in all versions and stand where the condition is found.
enum DefectWording {
  PG_15(
      "invalid record length at %s: wanted %d, got %d",
      "could not read from file %s, offset %d: read 0 of %d") {
    @Override
    String inSegment(WalSegmentName segment, long pageLsn) {
      return "in log segment %s, offset %d".formatted(segment, offset(segment, pageLsn));
    }
  },

  PG_16(
      "invalid record length at %s: expected at least %d, got %d",
      "could not read from file \"%s\", offset %d: read 0 of %d") {
    @Override
    String inSegment(WalSegmentName segment, long pageLsn) {
      return "in WAL segment %s, LSN %s, offset %d"
          .formatted(segment, Lsn.format(pageLsn), offset(segment, pageLsn));
    }
  };

  /// As `format` words it.
  static DefectWording of(WalFormat format) {
    return format == WalFormat.PG_15 ? PG_15 : PG_16;
  }

  private final String invalidRecordLength;
  private final String shortFile;

  DefectWording(String invalidRecordLength, String shortFile) {
    this.invalidRecordLength = invalidRecordLength;
    this.shortFile = shortFile;
  }

  /// The end of a message about a page header: where the page stands.
  abstract String inSegment(WalSegmentName segment, long pageLsn);

  String invalidRecordLength(long recordLsn, long totalLength) {
    return invalidRecordLength.formatted(
        Lsn.format(recordLsn), XLogRecordHeader.LENGTH, totalLength);
  }

  /// @param offset where the file ends
  /// @param missing how much of a page is missing there
  String shortFile(WalSegmentName segment, int offset, int missing) {
    return shortFile.formatted(segment, offset, missing);
  }

  private static int offset(WalSegmentName segment, long pageLsn) {
    return segment.segmentSize().offset(pageLsn);
  }
}
