package org.walstream.wal.rmgrdesc;

import java.util.function.IntFunction;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.DroppedStats;
import org.walstream.wal.rmgr.TransactionRecord;
import org.walstream.wal.rmgr.XactCompletion;
import org.walstream.wal.rmgr.XactPrepare;

/// Counterpart of src/backend/access/rmgrdesc/xactdesc.c.
final class TransactionDesc {

  private TransactionDesc() {}

  static void describe(TransactionRecord record, RecordText out) {
    switch (record) {
      case XactCompletion.Commit commit -> commit(commit, out);
      case XactCompletion.CommitPrepared commit -> commit(commit, out);
      case XactCompletion.Abort abort -> abort(abort, out);
      case XactCompletion.AbortPrepared abort -> abort(abort, out);
      case XactPrepare prepare -> prepare(prepare, out);
      case TransactionRecord.Assignment assignment -> {
        out.add("xtop ").u32(assignment.xtop()).add(": subxacts:");
        for (int i = 0; i < assignment.nsubxacts(); i++) {
          out.add(' ').u32(assignment.subxact(i));
        }
      }
      case TransactionRecord.Invalidations invalidations ->
          StandbyDesc.invalidations(invalidations.record().format(), invalidations.messages(), out);
    }
  }

  private static void commit(XactCompletion commit, RecordText out) {
    start(commit, out);
    if (commit.xinfo() == 0) {
      return;
    }
    WalFormat format = commit.record().format();
    relations("; rels:", commit.nrels(), commit::locator, format, out);
    subxacts(commit, out);
    droppedStats("; dropped stats:", commit.droppedStats(), out);
    var messages = commit.messages();
    if (messages.count() > 0 && commit.has(XactCompletion.XACT_COMPLETION_UPDATE_RELCACHE_FILE)) {
      StandbyDesc.relcacheInitFile(commit.dbId(), commit.tsId(), out);
    }
    StandbyDesc.invalidations(format, messages, out);
    if (commit.has(XactCompletion.XACT_COMPLETION_APPLY_FEEDBACK)) {
      out.add("; apply_feedback");
    }
    if (commit.has(XactCompletion.XACT_COMPLETION_FORCE_SYNC_COMMIT)) {
      out.add("; sync");
    }
    origin(commit, out);
  }

  private static void abort(XactCompletion abort, RecordText out) {
    start(abort, out);
    if (abort.xinfo() == 0) {
      return;
    }
    relations("; rels:", abort.nrels(), abort::locator, abort.record().format(), out);
    subxacts(abort, out);
    origin(abort, out);
    droppedStats("; dropped stats:", abort.droppedStats(), out);
  }

  /// The transaction, if it is another than the record's, and the time.
  private static void start(XactCompletion record, RecordText out) {
    if (record.twophaseXid() != 0) {
      out.u32(record.twophaseXid()).add(": ");
    }
    out.timestamp(record.xactTime());
  }

  private static void prepare(XactPrepare prepare, RecordText out) {
    WalFormat format = prepare.record().format();
    out.add("gid ").bytes(prepare.record().main(), prepare.gidAt(), prepare.gidLength()).add(": ");
    out.timestamp(prepare.preparedAt());
    relations("; rels(commit):", prepare.ncommitrels(), prepare::commitLocator, format, out);
    relations("; rels(abort):", prepare.nabortrels(), prepare::abortLocator, format, out);
    droppedStats("; commit dropped stats:", prepare.commitStats(), out);
    droppedStats("; abort dropped stats:", prepare.abortStats(), out);
    if (prepare.nsubxacts() > 0) {
      out.add("; subxacts:");
      for (int i = 0; i < prepare.nsubxacts(); i++) {
        out.add(' ').u32(prepare.subxact(i));
      }
    }
    var messages = prepare.messages();
    if (messages.count() > 0 && prepare.initFileInval()) {
      // The tablespace is not known, and PostgreSQL prints that.
      StandbyDesc.relcacheInitFile(prepare.database(), 0, out);
    }
    StandbyDesc.invalidations(format, messages, out);
    if (prepare.record().origin() != 0) {
      origin(prepare.record().origin(), prepare.originLsn(), prepare.originTimestamp(), out);
    }
  }

  private static void relations(
      String label,
      int count,
      IntFunction<RelFileLocator> locator,
      WalFormat format,
      RecordText out) {
    if (count > 0) {
      out.add(label);
      for (int i = 0; i < count; i++) {
        out.add(' ').path(format, locator.apply(i), ForkNumber.MAIN);
      }
    }
  }

  private static void subxacts(XactCompletion record, RecordText out) {
    int count = record.nsubxacts();
    if (count > 0) {
      out.add("; subxacts:");
      for (int i = 0; i < count; i++) {
        out.add(' ').u32(record.subxact(i));
      }
    }
  }

  private static void droppedStats(String label, DroppedStats stats, RecordText out) {
    if (stats.count() > 0) {
      out.add(label);
      for (int i = 0; i < stats.count(); i++) {
        out.add(' ').signed(stats.kind(i));
        out.add('/').u32(stats.dbOid(i));
        out.add('/').u64(stats.objectId(i));
      }
    }
  }

  private static void origin(XactCompletion record, RecordText out) {
    if (record.has(XactCompletion.XACT_XINFO_HAS_ORIGIN)) {
      origin(record.record().origin(), record.originLsn(), record.originTimestamp(), out);
    }
  }

  private static void origin(int node, long lsn, long timestamp, RecordText out) {
    out.add("; origin: node ").u32(node);
    out.add(", lsn ").lsn(lsn);
    out.add(", at ").timestamp(timestamp);
  }
}
