package org.walstream.cli.waldump;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.XactCompletion;

/// A part of WAL told by time. Only ends of transactions bear a time, so the window goes from one
/// such record to another:
///
/// ```
///   commit 9:58   …   commit 10:03   …   commit 10:07   …   commit 10:12
///                 └───────────── --from 10:00 --to 10:05 ─┘
/// ```
///
/// It begins with the record after the last end of a transaction (commit or abort, prepared ones
/// too) before the first that is at FROM or later, and it ends with the first one after that which
/// is at TO or later, that record included: all that was written between the two moments is within.
/// Without FROM it begins where reading does, without TO it ends where WAL does.
///
/// @param from micros since 2000-01-01 UTC
/// @param to as `from`
record TimeWindow(OptionalLong from, OptionalLong to) {

  static final TimeWindow ALL = new TimeWindow(OptionalLong.empty(), OptionalLong.empty());

  private static final int TRANSACTION = 1;

  boolean isAll() {
    return from.isEmpty() && to.isEmpty();
  }

  /// The part of `range` within the window; reads it from its start to the window's end.
  WalRange within(WalRange range, BooleanSupplier interrupted) throws IOException {
    long startLsn = range.startLsn();
    boolean begun = from.isEmpty();
    try (RecordSource source = RecordSource.ofFiles(range)) {
      while (source.next() instanceof DecodedXLogRecord record && !interrupted.getAsBoolean()) {
        if (record.rmgrId() == TRANSACTION
            && Rmgr.interpret(record) instanceof XactCompletion completion) {
          long time = completion.xactTime();
          begun = begun || time >= from.getAsLong();
          if (!begun) {
            startLsn = record.endLsn();
          } else if (to.isEmpty()) {
            break;
          } else if (time >= to.getAsLong()) {
            return range.part(startLsn, record.endLsn());
          }
        }
      }
    }
    return range.part(startLsn, range.endLsn());
  }
}
