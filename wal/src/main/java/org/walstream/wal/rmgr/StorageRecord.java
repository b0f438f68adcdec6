package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// Records of the resource manager `Storage`: files of relations that appear and shrink. That they
/// go is told by the commit that drops them.
///
/// Counterpart of src/include/catalog/storage_xlog.h.
public sealed interface StorageRecord extends WalRecord {

  /// XLOG_SMGR_CREATE
  int CREATE = 0x10;

  /// XLOG_SMGR_TRUNCATE
  int TRUNCATE = 0x20;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case CREATE -> "CREATE";
      case TRUNCATE -> "TRUNCATE";
      default -> null;
    };
  }

  static @Nullable StorageRecord of(DecodedXLogRecord record) {
    return switch (record.opcode()) {
      case CREATE -> Create.isWhole(record) ? new Create(record) : null;
      case TRUNCATE -> record.main().length() >= Truncate.LENGTH ? new Truncate(record) : null;
      default -> null;
    };
  }

  /// The relation whose file is made or cut.
  RelFileLocator locator();

  /// A fork of a relation, empty.
  ///
  /// ```
  /// offset  bytes  field      (main data)
  ///      0     12  rlocator   RelFileLocator
  ///     12      4  forkNum
  /// ```
  ///
  /// Counterpart of xl_smgr_create.
  record Create(DecodedXLogRecord record) implements StorageRecord {

    private static final int LENGTH = 16;

    private static boolean isWhole(DecodedXLogRecord record) {
      return record.main().length() >= LENGTH && ForkNumber.isValid(record.main().i32(12));
    }

    @Override
    public RelFileLocator locator() {
      return RelFileLocator.read(record.main(), 0);
    }

    public ForkNumber fork() {
      return ForkNumber.of(record.main().i32(12));
    }

    @Override
    public void fields(RecordFields out) {
      out.locator("rlocator", locator());
      out.text("forkNum", fork().forkName());
    }
  }

  /// Blocks cut off a relation's end.
  ///
  /// ```
  /// offset  bytes  field      (main data)
  ///      0      4  blkno      the first block that goes
  ///      4     12  rlocator   RelFileLocator
  ///     16      4  flags      1 main fork, 2 visibility map, 4 free space map
  /// ```
  ///
  /// Counterpart of xl_smgr_truncate.
  record Truncate(DecodedXLogRecord record) implements StorageRecord {

    /// SMGR_TRUNCATE_HEAP
    public static final int SMGR_TRUNCATE_HEAP = 0x1;

    /// SMGR_TRUNCATE_VM
    public static final int SMGR_TRUNCATE_VM = 0x2;

    /// SMGR_TRUNCATE_FSM
    public static final int SMGR_TRUNCATE_FSM = 0x4;

    private static final int LENGTH = 20;

    public int blkno() {
      return record.main().i32(0);
    }

    @Override
    public RelFileLocator locator() {
      return RelFileLocator.read(record.main(), 4);
    }

    public int flags() {
      return record.main().i32(16);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("blkno", Integer.toUnsignedLong(blkno()));
      out.locator("rlocator", locator());
      out.number("flags", flags());
    }
  }
}
