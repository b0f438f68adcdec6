package org.walstream.redo.recovery;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.TransactionRecord;
import org.walstream.wal.rmgr.XLogRmgrRecord;
import org.walstream.wal.rmgr.XactCompletion;

/// Where replay is to stop, before a record or behind it. Only ends of transactions bear a time and
/// only they count for a transaction; of restore points with the same name the first counts.
///
/// ```
///                 before the record                      behind the record
/// immediate       when consistent                        when consistent
/// LSN             exclusive: it starts at LSN or later   inclusive: likewise
/// time            the first end of a transaction that is
///                 later; exclusive: as late              never
/// transaction     exclusive: its end                     inclusive: its end
/// name            never                                  the restore point
/// ```
///
/// Counterpart of recoveryStopsBefore(), recoveryStopsAfter() and getRecoveryStopReason(),
/// src/backend/access/transam/xlogrecovery.c; what is answered is what they log.
public sealed interface RecoveryTarget {

  /// The [#reason] of an end that no target has brought.
  String NO_TARGET = "no recovery target specified";

  /// @param consistent whether the directory is, before the record
  /// @return why replay stops before this record, or null when it does not
  default @Nullable String stopsBefore(DecodedXLogRecord record, boolean consistent) {
    return null;
  }

  /// @param consistent whether the directory is, with the record
  /// @return why replay stops behind this record, or null when it does not
  default @Nullable String stopsAfter(DecodedXLogRecord record, boolean consistent) {
    return null;
  }

  /// What is logged when recovery begins.
  String announcement();

  /// Why a timeline ends where replay has stopped, as its history file says it.
  ///
  /// @param side `before` or `after`
  /// @param record where it has stopped
  String reason(String side, DecodedXLogRecord record);

  /// `recovery_target` unset.
  record EndOfWal() implements RecoveryTarget {

    @Override
    public String announcement() {
      return "starting archive recovery";
    }

    @Override
    public String reason(String side, DecodedXLogRecord record) {
      return NO_TARGET;
    }
  }

  /// `recovery_target = 'immediate'`
  record Immediate() implements RecoveryTarget {

    @Override
    public @Nullable String stopsBefore(DecodedXLogRecord record, boolean consistent) {
      return consistent ? "recovery stopping after reaching consistency" : null;
    }

    @Override
    public @Nullable String stopsAfter(DecodedXLogRecord record, boolean consistent) {
      return stopsBefore(record, consistent);
    }

    @Override
    public String announcement() {
      return "starting point-in-time recovery to earliest consistent point";
    }

    @Override
    public String reason(String side, DecodedXLogRecord record) {
      return "reached consistency";
    }
  }

  /// `recovery_target_lsn`
  record AtLsn(long lsn, boolean inclusive) implements RecoveryTarget {

    @Override
    public @Nullable String stopsBefore(DecodedXLogRecord record, boolean consistent) {
      return inclusive ? null : reached(record, "before");
    }

    @Override
    public @Nullable String stopsAfter(DecodedXLogRecord record, boolean consistent) {
      return inclusive ? reached(record, "after") : null;
    }

    private @Nullable String reached(DecodedXLogRecord record, String side) {
      return Lsn.isBefore(record.lsn(), lsn)
          ? null
          : "recovery stopping %s WAL location (LSN) \"%s\""
              .formatted(side, Lsn.format(record.lsn()));
    }

    @Override
    public String announcement() {
      return "starting point-in-time recovery to WAL location (LSN) \"%s\""
          .formatted(Lsn.format(lsn));
    }

    @Override
    public String reason(String side, DecodedXLogRecord record) {
      return side + " LSN " + Lsn.format(record.lsn()) + "\n"; // a server's has that
    }
  }

  /// `recovery_target_time`
  ///
  /// @param micros TimestampTz
  record AtTime(long micros, boolean inclusive) implements RecoveryTarget {

    @Override
    public @Nullable String stopsBefore(DecodedXLogRecord record, boolean consistent) {
      XactCompletion end = endOfTransaction(record);
      if (end == null) {
        return null;
      }
      boolean stops = inclusive ? end.xactTime() > micros : end.xactTime() >= micros;
      return stops ? stoppingAt("before", end) : null;
    }

    @Override
    public String announcement() {
      return "starting point-in-time recovery to " + time(micros);
    }

    @Override
    public String reason(String side, DecodedXLogRecord record) {
      XactCompletion end = endOfTransaction(record);
      return side + " " + time(end == null ? micros : end.xactTime()) + "\n"; // a server's too
    }
  }

  /// `recovery_target_xid`
  ///
  /// @param xid unsigned
  record AtXid(int xid, boolean inclusive) implements RecoveryTarget {

    @Override
    public @Nullable String stopsBefore(DecodedXLogRecord record, boolean consistent) {
      return inclusive ? null : reached(record, "before");
    }

    @Override
    public @Nullable String stopsAfter(DecodedXLogRecord record, boolean consistent) {
      return inclusive ? reached(record, "after") : null;
    }

    /// Only equality counts: transactions end in another order than that of their numbers.
    private @Nullable String reached(DecodedXLogRecord record, String side) {
      XactCompletion end = endOfTransaction(record);
      return end != null && endingXid(end) == xid ? stoppingAt(side, end) : null;
    }

    @Override
    public String announcement() {
      return "starting point-in-time recovery to XID " + Integer.toUnsignedString(xid);
    }

    @Override
    public String reason(String side, DecodedXLogRecord record) {
      return side + " transaction " + Integer.toUnsignedString(xid);
    }
  }

  /// `recovery_target_name`
  record AtName(String name) implements RecoveryTarget {

    @Override
    public @Nullable String stopsAfter(DecodedXLogRecord record, boolean consistent) {
      return record.rmgrId() == Rmgr.XLOG.id()
              && record.opcode() == XLogRmgrRecord.RESTORE_POINT
              && XLogRmgrRecord.of(record) instanceof XLogRmgrRecord.RestorePoint point
              && point.rpName().equals(name)
          ? "recovery stopping at restore point \"%s\", time %s"
              .formatted(name, time(point.rpTime()))
          : null;
    }

    @Override
    public String announcement() {
      return "starting point-in-time recovery to \"%s\"".formatted(name);
    }

    @Override
    public String reason(String side, DecodedXLogRecord record) {
      return "at restore point \"%s\"".formatted(name);
    }
  }

  /// The record as the end of a transaction, prepared or not; null for any other.
  static @Nullable XactCompletion endOfTransaction(DecodedXLogRecord record) {
    return record.rmgrId() == Rmgr.TRANSACTION.id()
            && TransactionRecord.of(record) instanceof XactCompletion end
        ? end
        : null;
  }

  /// As a server tells it whose time zone is UTC, in its log and in history files.
  static String time(long micros) {
    return new PgTimestamp(micros).toString().replaceFirst("\\.?0* UTC$", "+00");
  }

  private static String stoppingAt(String side, XactCompletion end) {
    boolean commit =
        end instanceof XactCompletion.Commit || end instanceof XactCompletion.CommitPrepared;
    return "recovery stopping %s %s of transaction %s, time %s"
        .formatted(
            side,
            commit ? "commit" : "abort",
            Integer.toUnsignedString(endingXid(end)),
            time(end.xactTime()));
  }

  /// The transaction that ends: of a prepared one not that of the record, which has none.
  private static int endingXid(XactCompletion end) {
    return end instanceof XactCompletion.CommitPrepared
            || end instanceof XactCompletion.AbortPrepared
        ? end.twophaseXid()
        : end.record().xid();
  }
}
