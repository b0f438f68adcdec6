package org.walstream.redo;

import java.io.IOException;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;

/// A record cannot be redone: replay ends here, and what it has changed so far stays as it is.
public final class RedoException extends IOException {

  private static final long serialVersionUID = 1;

  public RedoException(String message) {
    super(message);
  }

  public RedoException(String message, Throwable cause) {
    super(message, cause);
  }

  /// About one block of a record: which one and where, then what is wrong with it.
  public static RedoException ofBlock(DecodedXLogRecord record, int blockId, Throwable cause) {
    BlockReference block = record.block(blockId);
    return new RedoException(
        "%s: %s, relation %s, fork %d, block %s"
            .formatted(
                describe(record),
                cause.getMessage(),
                block.locator(),
                block.forkNumber(),
                Integer.toUnsignedString(block.blockNumber())),
        cause);
  }

  /// About a record: where it is and what it is called, then what is wrong with it.
  public static RedoException ofRecord(DecodedXLogRecord record, String message) {
    return new RedoException(describe(record) + ": " + message);
  }

  /// About a record whose pages cannot be had: where it is and what it is called, then why.
  public static RedoException ofRecord(DecodedXLogRecord record, IOException cause) {
    return new RedoException(describe(record) + ": " + cause.getMessage(), cause);
  }

  /// `WAL redo at 0/1513B20 for Heap/INSERT`, as PostgreSQL's error context begins.
  private static String describe(DecodedXLogRecord record) {
    Rmgr rmgr = Rmgr.ofId(record.rmgrId());
    String rmgrName =
        rmgr == null ? "custom resource manager %d".formatted(record.rmgrId()) : rmgr.rmgrName();
    String name = rmgr == null ? null : rmgr.recordName(record.format(), record.info());
    return "WAL redo at %s for %s/%s"
        .formatted(
            Lsn.format(record.lsn()),
            rmgrName,
            name == null ? "UNKNOWN (%X)".formatted(record.info() & 0xF0) : name);
  }
}
