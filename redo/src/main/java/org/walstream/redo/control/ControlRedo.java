package org.walstream.redo.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.RedoException;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.redo.slru.SlruDirectory;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.WalLevel;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.ClogRecord;
import org.walstream.wal.rmgr.CommitTsRecord;
import org.walstream.wal.rmgr.DatabaseRecord;
import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.HeapRecord;
import org.walstream.wal.rmgr.MultiXactRecord;
import org.walstream.wal.rmgr.RelMapRecord;
import org.walstream.wal.rmgr.ReplicationOriginRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.StorageRecord;
import org.walstream.wal.rmgr.TablespaceRecord;
import org.walstream.wal.rmgr.TransactionRecord;
import org.walstream.wal.rmgr.WalRecord;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// What records do beyond the pages that they refer to. Each matter is one class; here is decided
/// whose a record is.
///
/// ```
/// begin(checkPoint, …)                  once: what the directory and the checkpoint know
/// redo(record)                          each record, after its blocks have been handed over
///   └ Pages, RelationFiles, …           at once, behind the recovery point where it must be
///   └ SlruPages, origins, prepared      in memory
/// ── restart point at a checkpoint ──
/// removeRewriteMappings(redoLsn)
/// writeOrigins()                        durable on return
/// flush()                               SLRUs, durable after DataFiles.sync()
/// writePreparedTransactions(redoLsn)    last, and durable on return
/// ```
///
/// Everything may be done again by a replay that begins anew at the last restart point.
///
/// One thread, that which reads WAL.
public final class ControlRedo implements ControlReplay {

  /// A checkpoint of the primary: what a restart point can be made at.
  ///
  /// @param lsn where its record starts
  /// @param endLsn where that ends
  /// @param shutdown whether nothing ran beside it
  public record SeenCheckPoint(long lsn, long endLsn, boolean shutdown, CheckPoint checkPoint) {}

  private final TransactionCounters counters = new TransactionCounters();
  private final SlruPages xactPages;
  private final SlruPages commitTsPages;
  private final SlruPages offsetPages;
  private final SlruPages memberPages;
  private final TransactionStatus status;
  private final CommitTimestamps commitTimestamps;
  private final MultiXacts multiXacts;
  private final ReplicationOrigins origins;
  private final PreparedTransactions prepared;
  private final RelationFiles relationFiles;
  private final DroppedRelations dropped;
  private final TransactionRedo transactions;
  private final RelationRedo relations;
  private final DatabaseRedo databases;
  private final TablespaceRedo tablespaces;
  private final RelationMapRedo relationMaps;
  private final RewriteMappings rewriteMappings;

  private @Nullable SeenCheckPoint lastCheckPoint;
  private ControlFile.@Nullable Parameters parameters;

  /// @param profile whose replay is imitated
  /// @param logsHints whether the cluster has checksums or `wal_log_hints`
  public ControlRedo(
      RedoProfile profile,
      DataFiles files,
      RelationPaths paths,
      RelationFiles relationFiles,
      Pages pages,
      RecoveryPoint recoveryPoint,
      boolean logsHints) {
    Path data = paths.dataDirectory();
    xactPages = new SlruPages(files, data, SlruDirectory.XACT, recoveryPoint);
    commitTsPages = new SlruPages(files, data, SlruDirectory.COMMIT_TS, recoveryPoint);
    offsetPages = new SlruPages(files, data, SlruDirectory.MULTIXACT_OFFSET, recoveryPoint);
    memberPages = new SlruPages(files, data, SlruDirectory.MULTIXACT_MEMBER, recoveryPoint);
    status = new TransactionStatus(xactPages);
    commitTimestamps = new CommitTimestamps(commitTsPages, counters);
    multiXacts = new MultiXacts(offsetPages, memberPages, counters, profile);
    origins = new ReplicationOrigins(files, data, recoveryPoint);
    prepared =
        new PreparedTransactions(files, data, paths.format(), counters, status, recoveryPoint);
    this.relationFiles = relationFiles;
    dropped = new DroppedRelations(pages, relationFiles, recoveryPoint);
    transactions =
        new TransactionRedo(
            counters, status, commitTimestamps, origins, dropped, prepared, recoveryPoint);
    relations = new RelationRedo(pages, relationFiles, recoveryPoint, logsHints);
    var slots = new ReplicationSlotFiles(files, data, paths.format());
    databases = new DatabaseRedo(files, paths, pages, slots, recoveryPoint);
    tablespaces = new TablespaceRedo(files, paths, recoveryPoint);
    relationMaps = new RelationMapRedo(files, paths, recoveryPoint);
    rewriteMappings = new RewriteMappings(files, data, slots);
  }

  /// Takes over what the checkpoint that replay begins with knew, and what its restart point left
  /// in the directory.
  ///
  /// @param trackCommitTimestamp as pg_control has it
  public void begin(CheckPoint checkPoint, boolean trackCommitTimestamp) throws IOException {
    counters.begin(checkPoint);
    status.begin((int) checkPoint.nextXid());
    multiXacts.begin();
    if (trackCommitTimestamp) {
      commitTimestamps.setActive(true, checkPoint.redoLsn());
    }
    origins.load();
    prepared.load();
  }

  /// Redoes the record, whose blocks have been handed over. Of an extension's nothing can be known:
  /// whether it is passed over is decided by whoever reads WAL.
  @Override
  public void redo(DecodedXLogRecord record) throws IOException {
    counters.advancePast(record.xid());
    switch (Rmgr.ofId(record.rmgrId())) {
      case HEAP, BTREE, HASH, GIN, GIST, SEQUENCE, SPGIST, BRIN, GENERIC -> {}
      case STANDBY, LOGICAL_MESSAGE -> {}
      case HEAP2 -> heap2(record);
      case XLOG -> xlog(record);
      case TRANSACTION -> transactions.redo(known(TransactionRecord.of(record), record));
      case STORAGE -> storage(known(StorageRecord.of(record), record));
      case CLOG -> status.redo(known(ClogRecord.of(record), record));
      case COMMIT_TS -> commitTimestamps.redo(known(CommitTsRecord.of(record), record));
      case MULTIXACT -> multiXacts.redo(known(MultiXactRecord.of(record), record));
      case DATABASE -> {
        settle();
        databases.redo(known(DatabaseRecord.of(record), record));
      }
      case TABLESPACE -> {
        settle();
        tablespaces.redo(known(TablespaceRecord.of(record), record));
      }
      case RELMAP -> relationMaps.redo(known(RelMapRecord.of(record), record));
      case REPLICATION_ORIGIN -> origins.redo(known(ReplicationOriginRecord.of(record), record));
      case null -> requireCustom(record);
    }
  }

  private void storage(StorageRecord record) throws IOException {
    dropped.beforeUseOf(record.locator());
    relations.redo(record);
  }

  private void heap2(DecodedXLogRecord record) throws IOException {
    if ((record.info() & HeapRecord.OPCODE_MASK) == Heap2Record.REWRITE
        && known(Heap2Record.of(record), record) instanceof Heap2Record.Rewrite rewrite) {
      rewriteMappings.redo(rewrite);
    }
  }

  private void xlog(DecodedXLogRecord record) throws IOException {
    switch (record.opcode()) {
      case XLogRmgrRecord.CHECKPOINT_SHUTDOWN,
          XLogRmgrRecord.CHECKPOINT_ONLINE,
          XLogRmgrRecord.NEXTOID,
          XLogRmgrRecord.PARAMETER_CHANGE ->
          xlog(known(XLogRmgrRecord.of(record), record));
      default -> {}
    }
  }

  private void xlog(XLogRmgrRecord record) throws IOException {
    DecodedXLogRecord decoded = record.record();
    switch (record) {
      case XLogRmgrRecord.CheckpointShutdown shutdown -> {
        CheckPoint checkPoint = shutdown.checkPoint();
        counters.shutdownCheckpoint(checkPoint);
        lastCheckPoint = new SeenCheckPoint(decoded.lsn(), decoded.endLsn(), true, checkPoint);
      }
      case XLogRmgrRecord.CheckpointOnline online -> {
        CheckPoint checkPoint = online.checkPoint();
        counters.onlineCheckpoint(checkPoint);
        lastCheckPoint = new SeenCheckPoint(decoded.lsn(), decoded.endLsn(), false, checkPoint);
      }
      case XLogRmgrRecord.NextOid next -> counters.setNextOid(next.nextOid());
      case XLogRmgrRecord.ParameterChange change -> {
        parameters = parameters(change);
        commitTimestamps.setActive(change.trackCommitTimestamp(), decoded.endLsn());
      }
      default -> {}
    }
  }

  private static ControlFile.Parameters parameters(XLogRmgrRecord.ParameterChange change)
      throws RedoException {
    Optional<WalLevel> walLevel = change.walLevel();
    if (walLevel.isEmpty()) {
      throw RedoException.ofRecord(
          change.record(), "there is no wal_level %d".formatted(change.record().main().i32(20)));
    }
    return new ControlFile.Parameters(
        walLevel.get(),
        change.walLogHints(),
        change.maxConnections(),
        change.maxWorkerProcesses(),
        change.maxWalSenders(),
        change.maxPreparedXacts(),
        change.maxLocksPerXact(),
        change.trackCommitTimestamp());
  }

  private static void requireCustom(DecodedXLogRecord record) throws RedoException {
    if (record.rmgrId() < Rmgr.MIN_CUSTOM_ID) {
      throw RedoException.ofRecord(
          record, "there is no resource manager with ID %d".formatted(record.rmgrId()));
    }
  }

  @Override
  public void settle() throws IOException {
    dropped.remove();
    relationFiles.settle();
  }

  @Override
  public void removeRewriteMappings(long redoLsn) throws IOException {
    rewriteMappings.removeObsolete(redoLsn);
  }

  @Override
  public void writeOrigins() throws IOException {
    origins.write();
  }

  @Override
  public void flush() throws IOException {
    for (SlruPages pages : List.of(xactPages, commitTsPages, offsetPages, memberPages)) {
      pages.flush();
    }
  }

  @Override
  public void writePreparedTransactions(long redoLsn) throws IOException {
    prepared.write(redoLsn);
  }

  @Override
  public CheckPoint checkPoint(CheckPoint like) {
    return counters.checkPoint(like);
  }

  /// The last checkpoint redone, or null before the first.
  public @Nullable SeenCheckPoint lastCheckPoint() {
    return lastCheckPoint;
  }

  /// The primary's settings as they were last changed, or null when they have not been.
  public ControlFile.@Nullable Parameters parameters() {
    return parameters;
  }

  /// The transaction to be given away next, with its epoch.
  public long nextXid() {
    return counters.nextXid();
  }

  private static <R extends WalRecord> R known(@Nullable R view, DecodedXLogRecord record)
      throws RedoException {
    if (view == null) {
      throw RedoException.ofRecord(record, "unknown op code %d".formatted(record.opcode()));
    }
    return view;
  }
}
