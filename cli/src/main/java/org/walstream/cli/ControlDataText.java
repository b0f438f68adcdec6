package org.walstream.cli;

import org.walstream.wal.Lsn;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.control.ControlFileBytes;
import org.walstream.wal.control.DBState;
import org.walstream.wal.control.WalLevel;
import org.walstream.wal.time.BrokenDownTime;
import org.walstream.wal.time.TimeZoneRules;

/// A control file as pg_controldata prints it, in the C locale.
final class ControlDataText {

  private final ControlFileBytes control;
  private final BrokenDownTime time;
  private final StringBuilder out = new StringBuilder();

  ControlDataText(ControlFileBytes control, TimeZoneRules zone) {
    this.control = control;
    this.time = new BrokenDownTime(zone);
  }

  String text() {
    out.setLength(0);
    identity();
    checkPoint(control.checkPoint());
    recovery();
    parameters();
    layout();
    line("Data page checksum version", unsigned(control.dataChecksumVersion()));
    control
        .defaultCharSigned()
        .ifPresent(signed -> line("Default char data signedness", signed ? "signed" : "unsigned"));
    line("Mock authentication nonce", control.mockAuthenticationNonce());
    return out.toString();
  }

  private void identity() {
    line("pg_control version number", unsigned(control.controlFileVersion()));
    line("Catalog version number", unsigned(control.catalogVersion()));
    line("Database system identifier", Long.toUnsignedString(control.systemIdentifier()));
    line(
        "Database cluster state",
        control.state().map(DBState::label).orElse("unrecognized status code"));
    line("pg_control last modified", time(control.timeSeconds()));
    line("Latest checkpoint location", Lsn.format(control.checkPointLsn()));
  }

  private void checkPoint(CheckPoint checkPoint) {
    line("Latest checkpoint's REDO location", Lsn.format(checkPoint.redoLsn()));
    line("Latest checkpoint's REDO WAL file", redoFile(checkPoint));
    line("Latest checkpoint's TimeLineID", unsigned(checkPoint.timeline()));
    line("Latest checkpoint's PrevTimeLineID", unsigned(checkPoint.prevTimeline()));
    line("Latest checkpoint's full_page_writes", onOff(checkPoint.fullPageWrites()));
    line("Latest checkpoint's NextXID", fullXid(checkPoint.nextXid()));
    line("Latest checkpoint's NextOID", unsigned(checkPoint.nextOid()));
    line("Latest checkpoint's NextMultiXactId", unsigned(checkPoint.nextMulti()));
    line("Latest checkpoint's NextMultiOffset", unsigned(checkPoint.nextMultiOffset()));
    line("Latest checkpoint's oldestXID", unsigned(checkPoint.oldestXid()));
    line("Latest checkpoint's oldestXID's DB", unsigned(checkPoint.oldestXidDb()));
    line("Latest checkpoint's oldestActiveXID", unsigned(checkPoint.oldestActiveXid()));
    line("Latest checkpoint's oldestMultiXid", unsigned(checkPoint.oldestMulti()));
    line("Latest checkpoint's oldestMulti's DB", unsigned(checkPoint.oldestMultiDb()));
    line("Latest checkpoint's oldestCommitTsXid", unsigned(checkPoint.oldestCommitTsXid()));
    line("Latest checkpoint's newestCommitTsXid", unsigned(checkPoint.newestCommitTsXid()));
    line("Time of latest checkpoint", time(checkPoint.timeSeconds()));
  }

  private void recovery() {
    line("Fake LSN counter for unlogged rels", Lsn.format(control.unloggedLsn()));
    line("Minimum recovery ending location", Lsn.format(control.minRecoveryPoint()));
    line("Min recovery ending loc's timeline", unsigned(control.minRecoveryPointTimeline()));
    line("Backup start location", Lsn.format(control.backupStartPoint()));
    line("Backup end location", Lsn.format(control.backupEndPoint()));
    line("End-of-backup record required", control.backupEndRequired() ? "yes" : "no");
  }

  private void parameters() {
    line(
        "wal_level setting",
        control.walLevel().map(WalLevel::label).orElse("unrecognized \"wal_level\""));
    line("wal_log_hints setting", onOff(control.walLogHints()));
    line("max_connections setting", control.maxConnections());
    line("max_worker_processes setting", control.maxWorkerProcesses());
    line("max_wal_senders setting", control.maxWalSenders());
    line("max_prepared_xacts setting", control.maxPreparedTransactions());
    line("max_locks_per_xact setting", control.maxLocksPerTransaction());
    line("track_commit_timestamp setting", onOff(control.trackCommitTimestamp()));
  }

  private void layout() {
    line("Maximum data alignment", unsigned(control.maxAlign()));
    line("Database block size", unsigned(control.blockBytes()));
    line("Blocks per segment of large relation", unsigned(control.relationSegmentBlocks()));
    line("WAL block size", unsigned(control.walBlockBytes()));
    line("Bytes per WAL segment", unsigned(control.walSegmentBytes()));
    line("Maximum length of identifiers", unsigned(control.maxIdentifierLength()));
    line("Maximum columns in an index", unsigned(control.maxIndexColumns()));
    line("Maximum size of a TOAST chunk", unsigned(control.toastMaxChunkBytes()));
    line("Size of a large-object chunk", unsigned(control.largeObjectBlockBytes()));
    line("Date/time type storage", "64-bit integers");
    line("Float8 argument passing", control.float8ByValue() ? "by value" : "by reference");
  }

  private void line(String label, Object value) {
    out.append("%-38s%s\n".formatted(label + ":", value));
  }

  /// Of whatever segment size the file has, as long as there can be segments of it.
  private String redoFile(CheckPoint checkPoint) {
    long segmentBytes = control.walSegmentBytes();
    if (segmentBytes <= 0) {
      return "???";
    }
    long number = Long.divideUnsigned(checkPoint.redoLsn(), segmentBytes);
    long perLog = (1L << 32) / segmentBytes;
    return "%08X%08X%08X"
        .formatted(
            checkPoint.timeline(),
            (int) Long.divideUnsigned(number, perLog),
            (int) Long.remainderUnsigned(number, perLog));
  }

  private String time(long seconds) {
    return time.set(seconds) ? time.dateAndTimeOfLocale() : "???";
  }

  private static String fullXid(long xid) {
    return (xid >>> 32) + ":" + (xid & 0xFFFF_FFFFL);
  }

  private static String unsigned(int number) {
    return Integer.toUnsignedString(number);
  }

  private static String onOff(boolean value) {
    return value ? "on" : "off";
  }
}
