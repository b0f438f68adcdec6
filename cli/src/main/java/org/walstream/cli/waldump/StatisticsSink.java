package org.walstream.cli.waldump;

import org.walstream.wal.record.DecodedXLogRecord;

/// Counts records, to be added to those of all sinks.
final class StatisticsSink implements RecordSink {

  private final Statistics own = new Statistics();
  private final Statistics all;

  StatisticsSink(Statistics all) {
    this.all = all;
  }

  @Override
  public void accept(DecodedXLogRecord record) {
    own.add(record);
  }

  @Override
  public void emit() {
    all.addAll(own);
    own.clear();
  }

  @Override
  public void discard() {
    own.clear();
  }
}
