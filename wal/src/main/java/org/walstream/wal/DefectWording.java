package org.walstream.wal;

/// How PostgreSQL words what is wrong with WAL, where its versions differ. PostgreSQL 16 began to
/// name the position in messages about pages and to say "expected at least" for "wanted".
///
/// The other messages are the same in all versions and stand where the condition is found.
enum DefectWording {
  PG_15("invalid record length at %s: wanted %d, got %d") {
    @Override
    String inSegment(WalSegmentName segment, long pageLsn) {
      return "in log segment %s, offset %d".formatted(segment, offset(segment, pageLsn));
    }
  },

  PG_16("invalid record length at %s: expected at least %d, got %d") {
    @Override
    String inSegment(WalSegmentName segment, long pageLsn) {
      return "in WAL segment %s, LSN %s, offset %d"
          .formatted(segment, Lsn.format(pageLsn), offset(segment, pageLsn));
    }
  };

  private final String invalidRecordLength;

  DefectWording(String invalidRecordLength) {
    this.invalidRecordLength = invalidRecordLength;
  }

  /// The end of a message about a page header: where the page stands.
  abstract String inSegment(WalSegmentName segment, long pageLsn);

  String invalidRecordLength(long recordLsn, long totalLength) {
    return invalidRecordLength.formatted(
        Lsn.format(recordLsn), XLogRecordHeader.LENGTH, totalLength);
  }

  private static int offset(WalSegmentName segment, long pageLsn) {
    return segment.segmentSize().offset(pageLsn);
  }
}
