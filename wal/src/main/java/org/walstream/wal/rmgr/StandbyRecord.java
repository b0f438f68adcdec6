package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;

/// Records of the resource manager `Standby`: what a hot standby must know to let queries run
/// beside replay.
///
/// Counterpart of src/include/storage/standbydefs.h.
public sealed interface StandbyRecord extends WalRecord {

  /// XLOG_STANDBY_LOCK
  int LOCK = 0x00;

  /// XLOG_RUNNING_XACTS
  int RUNNING_XACTS = 0x10;

  /// XLOG_INVALIDATIONS
  int INVALIDATIONS = 0x20;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case LOCK -> "LOCK";
      case RUNNING_XACTS -> "RUNNING_XACTS";
      case INVALIDATIONS -> "INVALIDATIONS";
      default -> null;
    };
  }

  static @Nullable StandbyRecord of(DecodedXLogRecord record) {
    RecordBytes main = record.main();
    return switch (record.opcode()) {
      case LOCK -> Lock.isWhole(main) ? new Lock(record) : null;
      case RUNNING_XACTS -> RunningXacts.isWhole(main) ? new RunningXacts(record) : null;
      case INVALIDATIONS -> Invalidations.isWhole(main) ? new Invalidations(record) : null;
      default -> null;
    };
  }

  /// The relations that transactions have locked against everybody (ACCESS EXCLUSIVE).
  ///
  /// ```
  /// offset  bytes  field     (main data)
  ///      0      4  nlocks
  ///      4   12 n  locks     of each:
  ///      0      4  xid
  ///      4      4  dbOid
  ///      8      4  relOid
  /// ```
  ///
  /// Counterpart of xl_standby_locks.
  record Lock(DecodedXLogRecord record) implements StandbyRecord {

    private static final int LOCKS_AT = 4;
    private static final int LOCK_LENGTH = 12;

    private static boolean isWhole(RecordBytes main) {
      return main.holds(0, 1, LOCKS_AT) && main.holds(LOCKS_AT, main.i32(0), LOCK_LENGTH);
    }

    public int nlocks() {
      return record.main().i32(0);
    }

    public int xid(int index) {
      return record.main().i32(LOCKS_AT + index * LOCK_LENGTH);
    }

    public int dbOid(int index) {
      return record.main().i32(LOCKS_AT + index * LOCK_LENGTH + 4);
    }

    public int relOid(int index) {
      return record.main().i32(LOCKS_AT + index * LOCK_LENGTH + 8);
    }

    @Override
    public void fields(RecordFields out) {
      out.list("locks", nlocks(), this::lock);
    }

    private void lock(int index, RecordFields out) {
      out.number("xid", Integer.toUnsignedLong(xid(index)));
      out.number("dbOid", Integer.toUnsignedLong(dbOid(index)));
      out.number("relOid", Integer.toUnsignedLong(relOid(index)));
    }
  }

  /// The transactions that run right now: where a snapshot can begin.
  ///
  /// ```
  /// offset  bytes  field                (main data)
  ///      0      4  xcnt                 how many transactions
  ///      4      4  subxcnt              how many subtransactions
  ///      8      1  subxid_overflow      there are more subtransactions than are told
  ///     12      4  nextXid
  ///     16      4  oldestRunningXid
  ///     20      4  latestCompletedXid
  ///     24    4 n  xids                 the transactions, then the subtransactions
  /// ```
  ///
  /// Counterpart of xl_running_xacts.
  record RunningXacts(DecodedXLogRecord record) implements StandbyRecord {

    private static final int XIDS_AT = 24;

    private static boolean isWhole(RecordBytes main) {
      return main.holds(0, 1, XIDS_AT)
          && main.holds(XIDS_AT, main.i32(0), 4)
          && main.holds(XIDS_AT + 4 * main.i32(0), main.i32(4), 4);
    }

    public int xcnt() {
      return record.main().i32(0);
    }

    public int subxcnt() {
      return record.main().i32(4);
    }

    public boolean subxidOverflow() {
      return record.main().u8(8) != 0;
    }

    public int nextXid() {
      return record.main().i32(12);
    }

    public int oldestRunningXid() {
      return record.main().i32(16);
    }

    public int latestCompletedXid() {
      return record.main().i32(20);
    }

    /// @param index below [#xcnt]
    public int xid(int index) {
      return record.main().i32(XIDS_AT + 4 * index);
    }

    /// @param index below [#subxcnt]
    public int subxid(int index) {
      return xid(xcnt() + index);
    }

    @Override
    public void fields(RecordFields out) {
      out.flag("subxid_overflow", subxidOverflow());
      out.number("nextXid", Integer.toUnsignedLong(nextXid()));
      out.number("oldestRunningXid", Integer.toUnsignedLong(oldestRunningXid()));
      out.number("latestCompletedXid", Integer.toUnsignedLong(latestCompletedXid()));
      out.numbers("xids", xcnt(), index -> Integer.toUnsignedLong(xid(index)));
      out.numbers("subxids", subxcnt(), index -> Integer.toUnsignedLong(subxid(index)));
    }
  }

  /// Invalidations of a transaction that has no number, and so no commit record.
  ///
  /// ```
  /// offset  bytes  field                   (main data)
  ///      0      4  dbId
  ///      4      4  tsId
  ///      8      1  relcacheInitFileInval
  ///     12      4  nmsgs
  ///     16   16 n  msgs                    see InvalidationMessages
  /// ```
  ///
  /// Counterpart of xl_invalidations.
  record Invalidations(DecodedXLogRecord record) implements StandbyRecord {

    private static final int MESSAGES_AT = 16;

    private static boolean isWhole(RecordBytes main) {
      return main.holds(0, 1, MESSAGES_AT)
          && main.holds(MESSAGES_AT, main.i32(12), InvalidationMessages.LENGTH);
    }

    public int dbId() {
      return record.main().i32(0);
    }

    public int tsId() {
      return record.main().i32(4);
    }

    public boolean relcacheInitFileInval() {
      return record.main().u8(8) != 0;
    }

    public InvalidationMessages messages() {
      return new InvalidationMessages(record.main(), MESSAGES_AT, record.main().i32(12));
    }

    @Override
    public void fields(RecordFields out) {
      out.number("dbId", Integer.toUnsignedLong(dbId()));
      out.number("tsId", Integer.toUnsignedLong(tsId()));
      out.flag("relcacheInitFileInval", relcacheInitFileInval());
      messages().fields(out);
    }
  }
}
