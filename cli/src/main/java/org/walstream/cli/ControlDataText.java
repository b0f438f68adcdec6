package org.walstream.cli;

import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.ControlFile.Layout;
import org.walstream.wal.control.ControlFile.Parameters;
import org.walstream.wal.time.BrokenDownTime;
import org.walstream.wal.time.TimeZoneRules;

/// A control file as pg_controldata prints it, in the C locale.
final class ControlDataText {

  private final ControlFile control;
  private final BrokenDownTime time;
  private final StringBuilder out = new StringBuilder();

  ControlDataText(ControlFile control, TimeZoneRules zone) {
    this.control = control;
    this.time = new BrokenDownTime(zone);
  }

  String text() {
    out.setLength(0);
    identity();
    checkPoint(control.checkPoint());
    recovery();
    parameters(control.parameters());
    layout(control.layout());
    line("Data page checksum version", unsigned(control.dataChecksumVersion()));
    control
        .defaultCharSigned()
        .ifPresent(signed -> line("Default char data signedness", signed ? "signed" : "unsigned"));
    line("Mock authentication nonce", control.mockAuthenticationNonce());
    return out.toString();
  }

  private void identity() {
    line("pg_control version number", unsigned(control.format().controlFileVersion()));
    line("Catalog version number", unsigned(control.format().catalogVersion()));
    line("Database system identifier", Long.toUnsignedString(control.systemIdentifier()));
    line("Database cluster state", control.state().label());
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

  private void parameters(Parameters parameters) {
    line("wal_level setting", parameters.walLevel().label());
    line("wal_log_hints setting", onOff(parameters.walLogHints()));
    line("max_connections setting", parameters.maxConnections());
    line("max_worker_processes setting", parameters.maxWorkerProcesses());
    line("max_wal_senders setting", parameters.maxWalSenders());
    line("max_prepared_xacts setting", parameters.maxPreparedTransactions());
    line("max_locks_per_xact setting", parameters.maxLocksPerTransaction());
    line("track_commit_timestamp setting", onOff(parameters.trackCommitTimestamp()));
  }

  private void layout(Layout layout) {
    line("Maximum data alignment", layout.maxAlign());
    line("Database block size", layout.blockBytes());
    line("Blocks per segment of large relation", layout.relationSegmentBlocks());
    line("WAL block size", layout.walBlockBytes());
    line("Bytes per WAL segment", layout.walSegmentSize().bytes());
    line("Maximum length of identifiers", layout.maxIdentifierLength());
    line("Maximum columns in an index", layout.maxIndexColumns());
    line("Maximum size of a TOAST chunk", layout.toastMaxChunkBytes());
    line("Size of a large-object chunk", layout.largeObjectBlockBytes());
    line("Date/time type storage", "64-bit integers");
    line("Float8 argument passing", layout.float8ByValue() ? "by value" : "by reference");
  }

  private void line(String label, Object value) {
    out.append("%-38s%s\n".formatted(label + ":", value));
  }

  private String redoFile(CheckPoint checkPoint) {
    var timeline = new TimelineId(checkPoint.timeline());
    return WalSegmentName.containing(
            timeline, checkPoint.redoLsn(), control.layout().walSegmentSize())
        .fileName();
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
