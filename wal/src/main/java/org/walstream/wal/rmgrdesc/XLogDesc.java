package org.walstream.wal.rmgrdesc;

import java.util.Optional;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.control.WalLevel;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// Counterpart of src/backend/access/rmgrdesc/xlogdesc.c.
final class XLogDesc {

  private XLogDesc() {}

  static void describe(XLogRmgrRecord record, RecordText out) {
    switch (record) {
      case XLogRmgrRecord.CheckpointShutdown checkpoint -> checkpoint(checkpoint, "shutdown", out);
      case XLogRmgrRecord.CheckpointOnline checkpoint -> checkpoint(checkpoint, "online", out);
      case XLogRmgrRecord.NextOid next -> out.u32(next.nextOid());
      case XLogRmgrRecord.BackupEnd end -> out.lsn(end.startLsn());
      case XLogRmgrRecord.ParameterChange change -> parameters(change, out);
      case XLogRmgrRecord.RestorePoint point ->
          out.cString(point.record().main(), point.rpNameAt());
      case XLogRmgrRecord.FpwChange change -> out.add(change.fullPageWrites() ? "true" : "false");
      case XLogRmgrRecord.EndOfRecovery end -> endOfRecovery(end, out);
      case XLogRmgrRecord.OverwriteContrecord overwrite ->
          out.add("lsn ")
              .lsn(overwrite.overwrittenLsn())
              .add("; time ")
              .timestamp(overwrite.overwriteTime());
      case XLogRmgrRecord.CheckpointRedo redo ->
          out.add("wal_level ").add(walLevel(redo.walLevel()));
      case XLogRmgrRecord.Noop _,
          XLogRmgrRecord.Switch _,
          XLogRmgrRecord.FpiForHint _,
          XLogRmgrRecord.Fpi _ -> {}
    }
  }

  private static void checkpoint(XLogRmgrRecord.Checkpoint record, String kind, RecordText out) {
    CheckPoint checkPoint = record.checkPoint();
    out.add("redo ").lsn(checkPoint.redoLsn());
    out.add("; tli ").u32(checkPoint.timeline());
    out.add("; prev tli ").u32(checkPoint.prevTimeline());
    out.add("; fpw ").add(checkPoint.fullPageWrites() ? "true" : "false");
    if (record.record().format().checkPointHasWalLevel()) {
      out.add("; wal_level ").add(walLevel(checkPoint.walLevel()));
    }
    out.add("; xid ").u64(checkPoint.nextXid() >>> 32).add(':').u32((int) checkPoint.nextXid());
    out.add("; oid ").u32(checkPoint.nextOid());
    out.add("; multi ").u32(checkPoint.nextMulti());
    out.add("; offset ").u32(checkPoint.nextMultiOffset());
    out.add("; oldest xid ").u32(checkPoint.oldestXid());
    out.add(" in DB ").u32(checkPoint.oldestXidDb());
    out.add("; oldest multi ").u32(checkPoint.oldestMulti());
    out.add(" in DB ").u32(checkPoint.oldestMultiDb());
    out.add("; oldest/newest commit timestamp xid: ").u32(checkPoint.oldestCommitTsXid());
    out.add('/').u32(checkPoint.newestCommitTsXid());
    out.add("; oldest running xid ").u32(checkPoint.oldestActiveXid());
    out.add("; ").add(kind);
  }

  private static void parameters(XLogRmgrRecord.ParameterChange change, RecordText out) {
    out.add("max_connections=").signed(change.maxConnections());
    out.add(" max_worker_processes=").signed(change.maxWorkerProcesses());
    out.add(" max_wal_senders=").signed(change.maxWalSenders());
    out.add(" max_prepared_xacts=").signed(change.maxPreparedXacts());
    out.add(" max_locks_per_xact=").signed(change.maxLocksPerXact());
    out.add(" wal_level=").add(walLevel(change.walLevel()));
    out.add(" wal_log_hints=").add(change.walLogHints() ? "on" : "off");
    out.add(" track_commit_timestamp=").add(change.trackCommitTimestamp() ? "on" : "off");
  }

  private static void endOfRecovery(XLogRmgrRecord.EndOfRecovery end, RecordText out) {
    out.add("tli ").u32(end.timeline());
    out.add("; prev tli ").u32(end.prevTimeline());
    out.add("; time ").timestamp(end.endTime());
    if (end.record().format().endOfRecoveryHasWalLevel()) {
      out.add("; wal_level ").add(walLevel(end.walLevel()));
    }
  }

  private static String walLevel(Optional<WalLevel> level) {
    return level.map(WalLevel::label).orElse("?");
  }
}
