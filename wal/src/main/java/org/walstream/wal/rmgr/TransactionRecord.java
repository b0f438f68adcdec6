package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;

/// Records of the resource manager `Transaction`.
///
/// Counterpart of src/include/access/xact.h.
public sealed interface TransactionRecord extends WalRecord
    permits XactCompletion,
        XactPrepare,
        TransactionRecord.Assignment,
        TransactionRecord.Invalidations {

  /// XLOG_XACT_COMMIT
  int COMMIT = 0x00;

  /// XLOG_XACT_PREPARE
  int PREPARE = 0x10;

  /// XLOG_XACT_ABORT
  int ABORT = 0x20;

  /// XLOG_XACT_COMMIT_PREPARED
  int COMMIT_PREPARED = 0x30;

  /// XLOG_XACT_ABORT_PREPARED
  int ABORT_PREPARED = 0x40;

  /// XLOG_XACT_ASSIGNMENT
  int ASSIGNMENT = 0x50;

  /// XLOG_XACT_INVALIDATIONS
  int INVALIDATIONS = 0x60;

  /// XLOG_XACT_OPMASK: what of `xl_info` says the type of the record.
  int OPCODE_MASK = 0x70;

  /// A commit's or abort's time is followed by `xinfo`.
  int XLOG_XACT_HAS_INFO = 0x80;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & OPCODE_MASK) {
      case COMMIT -> "COMMIT";
      case PREPARE -> "PREPARE";
      case ABORT -> "ABORT";
      case COMMIT_PREPARED -> "COMMIT_PREPARED";
      case ABORT_PREPARED -> "ABORT_PREPARED";
      case ASSIGNMENT -> "ASSIGNMENT";
      case INVALIDATIONS -> "INVALIDATION";
      default -> null;
    };
  }

  static @Nullable TransactionRecord of(DecodedXLogRecord record) {
    RecordBytes main = record.main();
    int opcode = record.info() & OPCODE_MASK;
    boolean whole =
        switch (opcode) {
          case COMMIT, ABORT, COMMIT_PREPARED, ABORT_PREPARED -> XactParts.areWhole(record);
          case PREPARE -> XactPrepare.isWhole(record);
          case ASSIGNMENT -> Assignment.isWhole(main);
          case INVALIDATIONS -> Invalidations.isWhole(main);
          default -> true;
        };
    if (!whole) {
      return null;
    }
    return switch (opcode) {
      case COMMIT -> new XactCompletion.Commit(record);
      case PREPARE -> new XactPrepare(record);
      case ABORT -> new XactCompletion.Abort(record);
      case COMMIT_PREPARED -> new XactCompletion.CommitPrepared(record);
      case ABORT_PREPARED -> new XactCompletion.AbortPrepared(record);
      case ASSIGNMENT -> new Assignment(record);
      case INVALIDATIONS -> new Invalidations(record);
      default -> null;
    };
  }

  /// Subtransactions told to a standby before their transaction ends, 64 at a time, so that its
  /// memory of running transactions can stay small.
  ///
  /// ```
  /// offset  bytes  field       (main data)
  ///      0      4  xtop        the top-level transaction
  ///      4      4  nsubxacts
  ///      8    4 n  xsub
  /// ```
  ///
  /// Counterpart of xl_xact_assignment.
  record Assignment(DecodedXLogRecord record) implements TransactionRecord {

    private static final int SUBXACTS_AT = 8;

    private static boolean isWhole(RecordBytes main) {
      return main.holds(0, 1, SUBXACTS_AT) && main.holds(SUBXACTS_AT, main.i32(4), 4);
    }

    public int xtop() {
      return record.main().i32(0);
    }

    public int nsubxacts() {
      return record.main().i32(4);
    }

    /// @param index below [#nsubxacts]
    public int subxact(int index) {
      return record.main().i32(SUBXACTS_AT + 4 * index);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("xtop", Integer.toUnsignedLong(xtop()));
      out.numbers("xsub", nsubxacts(), index -> Integer.toUnsignedLong(subxact(index)));
    }
  }

  /// Invalidations of a command within a transaction, for logical decoding; the commit tells them
  /// again.
  ///
  /// ```
  /// offset  bytes  field   (main data)
  ///      0      4  nmsgs
  ///      4   16 n  msgs    see InvalidationMessages
  /// ```
  ///
  /// Counterpart of xl_xact_invals.
  record Invalidations(DecodedXLogRecord record) implements TransactionRecord {

    private static final int MESSAGES_AT = 4;

    private static boolean isWhole(RecordBytes main) {
      return main.holds(0, 1, MESSAGES_AT)
          && main.holds(MESSAGES_AT, main.i32(0), InvalidationMessages.LENGTH);
    }

    public InvalidationMessages messages() {
      return new InvalidationMessages(record.main(), MESSAGES_AT, record.main().i32(0));
    }

    @Override
    public void fields(RecordFields out) {
      messages().fields(out);
    }
  }
}
