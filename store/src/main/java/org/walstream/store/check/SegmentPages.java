package org.walstream.store.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentFile;
import org.walstream.store.segment.SegmentFileName;
import org.walstream.wal.record.XLogPageHeader;

/// What the first page of a segment's file says.
final class SegmentPages {

  private SegmentPages() {}

  /// Whether the file begins with the page that its name promises.
  static boolean beginsItself(SegmentDirectory directory, SegmentFileName name) throws IOException {
    var header = ByteBuffer.allocate(XLogPageHeader.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    try (SegmentFile file = directory.open(name)) {
      return file != null
          && file.read(0, header) == XLogPageHeader.LENGTH
          && XLogPageHeader.read(header, 0).pageAddress() == name.segment().startLsn();
    }
  }
}
