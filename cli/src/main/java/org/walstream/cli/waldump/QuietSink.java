package org.walstream.cli.waldump;

import org.walstream.wal.record.DecodedXLogRecord;

/// Prints nothing: only errors are wanted.
final class QuietSink implements RecordSink {

  @Override
  public void accept(DecodedXLogRecord record) {}

  @Override
  public void emit() {}

  @Override
  public void discard() {}
}
