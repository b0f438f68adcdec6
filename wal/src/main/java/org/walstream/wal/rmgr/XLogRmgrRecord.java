package org.walstream.wal.rmgr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.control.WalLevel;
import org.walstream.wal.record.DecodedXLogRecord;

/// Records of the resource manager `XLOG`: checkpoints, page images that belong to no other record,
/// and what else the log says of itself and of the server.
///
/// Counterpart of src/include/catalog/pg_control.h and access/xlog_internal.h.
public sealed interface XLogRmgrRecord extends WalRecord {

  /// XLOG_CHECKPOINT_SHUTDOWN
  int CHECKPOINT_SHUTDOWN = 0x00;

  /// XLOG_CHECKPOINT_ONLINE
  int CHECKPOINT_ONLINE = 0x10;

  /// XLOG_NOOP
  int NOOP = 0x20;

  /// XLOG_NEXTOID
  int NEXTOID = 0x30;

  /// XLOG_SWITCH
  int SWITCH = 0x40;

  /// XLOG_BACKUP_END
  int BACKUP_END = 0x50;

  /// XLOG_PARAMETER_CHANGE
  int PARAMETER_CHANGE = 0x60;

  /// XLOG_RESTORE_POINT
  int RESTORE_POINT = 0x70;

  /// XLOG_FPW_CHANGE
  int FPW_CHANGE = 0x80;

  /// XLOG_END_OF_RECOVERY
  int END_OF_RECOVERY = 0x90;

  /// XLOG_FPI_FOR_HINT
  int FPI_FOR_HINT = 0xA0;

  /// XLOG_FPI
  int FPI = 0xB0;

  /// XLOG_OVERWRITE_CONTRECORD
  int OVERWRITE_CONTRECORD = 0xD0;

  /// XLOG_CHECKPOINT_REDO, since PostgreSQL 17
  int CHECKPOINT_REDO = 0xE0;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case CHECKPOINT_SHUTDOWN -> "CHECKPOINT_SHUTDOWN";
      case CHECKPOINT_ONLINE -> "CHECKPOINT_ONLINE";
      case NOOP -> "NOOP";
      case NEXTOID -> "NEXTOID";
      case SWITCH -> "SWITCH";
      case BACKUP_END -> "BACKUP_END";
      case PARAMETER_CHANGE -> "PARAMETER_CHANGE";
      case RESTORE_POINT -> "RESTORE_POINT";
      case FPW_CHANGE -> "FPW_CHANGE";
      case END_OF_RECOVERY -> "END_OF_RECOVERY";
      case FPI_FOR_HINT -> "FPI_FOR_HINT";
      case FPI -> "FPI";
      case OVERWRITE_CONTRECORD -> "OVERWRITE_CONTRECORD";
      case CHECKPOINT_REDO -> format.hasCheckPointRedo() ? "CHECKPOINT_REDO" : null;
      default -> null;
    };
  }

  static @Nullable XLogRmgrRecord of(DecodedXLogRecord record) {
    if (name(record.format(), record.info()) == null) {
      return null;
    }
    if (record.main().length() < mainLength(record)) {
      return null;
    }
    return switch (record.opcode()) {
      case CHECKPOINT_SHUTDOWN -> new CheckpointShutdown(record);
      case CHECKPOINT_ONLINE -> new CheckpointOnline(record);
      case NOOP -> new Noop(record);
      case NEXTOID -> new NextOid(record);
      case SWITCH -> new Switch(record);
      case BACKUP_END -> new BackupEnd(record);
      case PARAMETER_CHANGE -> new ParameterChange(record);
      case RESTORE_POINT -> new RestorePoint(record);
      case FPW_CHANGE -> new FpwChange(record);
      case END_OF_RECOVERY -> new EndOfRecovery(record);
      case FPI_FOR_HINT -> new FpiForHint(record);
      case FPI -> new Fpi(record);
      case OVERWRITE_CONTRECORD -> new OverwriteContrecord(record);
      default -> new CheckpointRedo(record);
    };
  }

  /// What the main data of this type of record must have at least.
  private static int mainLength(DecodedXLogRecord record) {
    return switch (record.opcode()) {
      case CHECKPOINT_SHUTDOWN, CHECKPOINT_ONLINE -> CheckPoint.LENGTH;
      case NEXTOID -> NextOid.LENGTH;
      case BACKUP_END -> BackupEnd.LENGTH;
      case PARAMETER_CHANGE -> ParameterChange.LENGTH;
      case RESTORE_POINT -> RestorePoint.LENGTH;
      case FPW_CHANGE -> FpwChange.LENGTH;
      case END_OF_RECOVERY -> EndOfRecovery.length(record.format());
      case OVERWRITE_CONTRECORD -> OverwriteContrecord.LENGTH;
      case CHECKPOINT_REDO -> CheckpointRedo.LENGTH;
      default -> 0;
    };
  }

  /// A checkpoint of either kind; the main data is a [CheckPoint].
  sealed interface Checkpoint extends XLogRmgrRecord permits CheckpointShutdown, CheckpointOnline {

    /// What the checkpoint knew, copied out of the record.
    default CheckPoint checkPoint() {
      var bytes = ByteBuffer.wrap(record().main().toArray()).order(ByteOrder.LITTLE_ENDIAN);
      return CheckPoint.read(bytes, 0, record().format());
    }

    @Override
    default void fields(RecordFields out) {
      CheckPoint checkPoint = checkPoint();
      out.lsn("redo", checkPoint.redoLsn());
      unsigned(out, "ThisTimeLineID", checkPoint.timeline());
      unsigned(out, "PrevTimeLineID", checkPoint.prevTimeline());
      out.flag("fullPageWrites", checkPoint.fullPageWrites());
      checkPoint.walLevel().ifPresent(level -> out.text("wal_level", level.label()));
      out.unsigned("nextXid", checkPoint.nextXid());
      unsigned(out, "nextOid", checkPoint.nextOid());
      unsigned(out, "nextMulti", checkPoint.nextMulti());
      unsigned(out, "nextMultiOffset", checkPoint.nextMultiOffset());
      unsigned(out, "oldestXid", checkPoint.oldestXid());
      unsigned(out, "oldestXidDB", checkPoint.oldestXidDb());
      unsigned(out, "oldestMulti", checkPoint.oldestMulti());
      unsigned(out, "oldestMultiDB", checkPoint.oldestMultiDb());
      out.number("time", checkPoint.timeSeconds());
      unsigned(out, "oldestCommitTsXid", checkPoint.oldestCommitTsXid());
      unsigned(out, "newestCommitTsXid", checkPoint.newestCommitTsXid());
      unsigned(out, "oldestActiveXid", checkPoint.oldestActiveXid());
    }

    private static void unsigned(RecordFields out, String name, int value) {
      out.number(name, Integer.toUnsignedLong(value));
    }
  }

  /// The checkpoint of a server that stops, or of recovery's end: nothing runs beside it.
  record CheckpointShutdown(DecodedXLogRecord record) implements Checkpoint {}

  /// The checkpoint of a server that goes on.
  record CheckpointOnline(DecodedXLogRecord record) implements Checkpoint {}

  /// A record that says nothing and changes nothing.
  record Noop(DecodedXLogRecord record) implements XLogRmgrRecord {

    @Override
    public void fields(RecordFields out) {}
  }

  /// Object identifiers below this one may have been given away.
  ///
  /// ```
  /// offset  bytes  field      (main data)
  ///      0      4  nextOid
  /// ```
  record NextOid(DecodedXLogRecord record) implements XLogRmgrRecord {

    private static final int LENGTH = 4;

    public int nextOid() {
      return record.main().i32(0);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("nextOid", Integer.toUnsignedLong(nextOid()));
    }
  }

  /// The rest of the segment is empty.
  record Switch(DecodedXLogRecord record) implements XLogRmgrRecord {

    @Override
    public void fields(RecordFields out) {}
  }

  /// A base backup is complete: restored, it is consistent from here on.
  ///
  /// ```
  /// offset  bytes  field        (main data)
  ///      0      8  startpoint   the redo point of the checkpoint that the backup began with
  /// ```
  record BackupEnd(DecodedXLogRecord record) implements XLogRmgrRecord {

    private static final int LENGTH = 8;

    public long startLsn() {
      return record.main().i64(0);
    }

    @Override
    public void fields(RecordFields out) {
      out.lsn("startpoint", startLsn());
    }
  }

  /// The settings that a standby must match, when they have changed.
  ///
  /// ```
  /// offset  bytes  field                    (main data)
  ///      0      4  MaxConnections           signed, as those that follow
  ///      4      4  max_worker_processes
  ///      8      4  max_wal_senders
  ///     12      4  max_prepared_xacts
  ///     16      4  max_locks_per_xact
  ///     20      4  wal_level
  ///     24      1  wal_log_hints
  ///     25      1  track_commit_timestamp
  ///     26      2  (padding)
  /// ```
  ///
  /// Counterpart of xl_parameter_change.
  record ParameterChange(DecodedXLogRecord record) implements XLogRmgrRecord {

    private static final int LENGTH = 28;

    public int maxConnections() {
      return record.main().i32(0);
    }

    public int maxWorkerProcesses() {
      return record.main().i32(4);
    }

    public int maxWalSenders() {
      return record.main().i32(8);
    }

    public int maxPreparedXacts() {
      return record.main().i32(12);
    }

    public int maxLocksPerXact() {
      return record.main().i32(16);
    }

    public Optional<WalLevel> walLevel() {
      return WalLevel.of(record.main().i32(20));
    }

    public boolean walLogHints() {
      return record.main().u8(24) != 0;
    }

    public boolean trackCommitTimestamp() {
      return record.main().u8(25) != 0;
    }

    @Override
    public void fields(RecordFields out) {
      out.number("MaxConnections", maxConnections());
      out.number("max_worker_processes", maxWorkerProcesses());
      out.number("max_wal_senders", maxWalSenders());
      out.number("max_prepared_xacts", maxPreparedXacts());
      out.number("max_locks_per_xact", maxLocksPerXact());
      walLevel().ifPresent(level -> out.text("wal_level", level.label()));
      out.flag("wal_log_hints", walLogHints());
      out.flag("track_commit_timestamp", trackCommitTimestamp());
    }
  }

  /// A place that somebody named, to recover to.
  ///
  /// ```
  /// offset  bytes  field      (main data)
  ///      0      8  rp_time    TimestampTz
  ///      8     64  rp_name    C string
  /// ```
  ///
  /// Counterpart of xl_restore_point.
  record RestorePoint(DecodedXLogRecord record) implements XLogRmgrRecord {

    private static final int LENGTH = 72;

    public long rpTime() {
      return record.main().i64(0);
    }

    /// Where in the main data the name stands.
    public int rpNameAt() {
      return 8;
    }

    public String rpName() {
      return record.main().cString(rpNameAt());
    }

    @Override
    public void fields(RecordFields out) {
      out.timestamp("rp_time", rpTime());
      out.text("rp_name", rpName());
    }
  }

  /// `full_page_writes` has been switched.
  ///
  /// ```
  /// offset  bytes  field            (main data)
  ///      0      1  fullPageWrites
  /// ```
  record FpwChange(DecodedXLogRecord record) implements XLogRmgrRecord {

    private static final int LENGTH = 1;

    public boolean fullPageWrites() {
      return record.main().u8(0) != 0;
    }

    @Override
    public void fields(RecordFields out) {
      out.flag("fullPageWrites", fullPageWrites());
    }
  }

  /// Recovery is over and the server writes again, on a timeline of its own if it was promoted.
  ///
  /// ```
  /// offset  bytes  field            (main data)
  ///      0      8  end_time         TimestampTz
  ///      8      4  ThisTimeLineID
  ///     12      4  PrevTimeLineID
  ///     16      4  wal_level        PostgreSQL 17 and later
  ///     20      4  (padding)        likewise
  /// ```
  ///
  /// Counterpart of xl_end_of_recovery.
  record EndOfRecovery(DecodedXLogRecord record) implements XLogRmgrRecord {

    private static final int WAL_LEVEL_AT = 16;

    private static int length(WalFormat format) {
      return format.endOfRecoveryHasWalLevel() ? WAL_LEVEL_AT + 8 : WAL_LEVEL_AT;
    }

    public long endTime() {
      return record.main().i64(0);
    }

    public int timeline() {
      return record.main().i32(8);
    }

    public int prevTimeline() {
      return record.main().i32(12);
    }

    /// Empty before PostgreSQL 17.
    public Optional<WalLevel> walLevel() {
      return record.format().endOfRecoveryHasWalLevel()
          ? WalLevel.of(record.main().i32(WAL_LEVEL_AT))
          : Optional.empty();
    }

    @Override
    public void fields(RecordFields out) {
      out.timestamp("end_time", endTime());
      out.number("ThisTimeLineID", Integer.toUnsignedLong(timeline()));
      out.number("PrevTimeLineID", Integer.toUnsignedLong(prevTimeline()));
      walLevel().ifPresent(level -> out.text("wal_level", level.label()));
    }
  }

  /// The image of a page that gets its first hint bit since a checkpoint, where checksums or
  /// `wal_log_hints` ask for it.
  record FpiForHint(DecodedXLogRecord record) implements XLogRmgrRecord {

    @Override
    public void fields(RecordFields out) {}
  }

  /// The images of one or more pages.
  record Fpi(DecodedXLogRecord record) implements XLogRmgrRecord {

    @Override
    public void fields(RecordFields out) {}
  }

  /// The record before this one was never finished: the server crashed within it and began again
  /// here.
  ///
  /// ```
  /// offset  bytes  field             (main data)
  ///      0      8  overwritten_lsn   where the lost record starts
  ///      8      8  overwrite_time    TimestampTz
  /// ```
  ///
  /// Counterpart of xl_overwrite_contrecord.
  record OverwriteContrecord(DecodedXLogRecord record) implements XLogRmgrRecord {

    private static final int LENGTH = 16;

    public long overwrittenLsn() {
      return record.main().i64(0);
    }

    public long overwriteTime() {
      return record.main().i64(8);
    }

    @Override
    public void fields(RecordFields out) {
      out.lsn("overwritten_lsn", overwrittenLsn());
      out.timestamp("overwrite_time", overwriteTime());
    }
  }

  /// Where an online checkpoint began, and redo from it must. Since PostgreSQL 17.
  ///
  /// ```
  /// offset  bytes  field       (main data)
  ///      0      4  wal_level
  /// ```
  record CheckpointRedo(DecodedXLogRecord record) implements XLogRmgrRecord {

    private static final int LENGTH = 4;

    public Optional<WalLevel> walLevel() {
      return WalLevel.of(record.main().i32(0));
    }

    @Override
    public void fields(RecordFields out) {
      walLevel().ifPresent(level -> out.text("wal_level", level.label()));
    }
  }
}
