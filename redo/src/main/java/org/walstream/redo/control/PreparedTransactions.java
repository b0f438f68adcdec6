package org.walstream.redo.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.Lsn;
import org.walstream.wal.TransactionIds;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.XactPrepare;

/// Transactions that have been prepared for two-phase commit and not ended yet. Most end soon and
/// live in memory alone; those that a checkpoint's redo point leaves behind it are written to
/// `pg_twophase`, as no record will tell of them again:
///
/// ```
/// pg_twophase/000002E4            the transaction; since PostgreSQL 17 with its epoch:
/// pg_twophase/00000000000002E4
///
///      bytes  field
///          n  what its PREPARE record says    see XactPrepare
///          4  CRC-32C of that
/// ```
///
/// Counterpart of src/backend/access/transam/twophase.c in recovery.
final class PreparedTransactions {

  private static final Logger logger = LoggerFactory.getLogger(PreparedTransactions.class);

  /// TWOPHASE_MAGIC
  private static final int MAGIC = 0x57F94534;

  private static final int TOTAL_LENGTH_AT = 4;
  private static final int XID_AT = 8;
  private static final int HEADER_BYTES = 72;
  private static final int CRC_BYTES = Integer.BYTES;

  /// What a crash leaves of a file that was to be put in another's place.
  private static final String UNFINISHED = ".tmp";

  /// @param content what is to be written, with its checksum; null once it has been
  private record Prepared(long fullXid, long endLsn, @Nullable ByteBuffer content) {

    boolean onDisk() {
      return content == null;
    }
  }

  private final DataFiles files;
  private final Path directory;
  private final int nameDigits;
  private final TransactionCounters counters;
  private final TransactionStatus status;
  private final RecoveryPoint recoveryPoint;
  private final Map<Integer, Prepared> prepared = new HashMap<>();

  PreparedTransactions(
      DataFiles files,
      Path dataDirectory,
      WalFormat format,
      TransactionCounters counters,
      TransactionStatus status,
      RecoveryPoint recoveryPoint) {
    this.files = files;
    this.directory = dataDirectory.resolve("pg_twophase");
    this.nameDigits = format.twoPhaseFileNamesHaveEpoch() ? 16 : 8;
    this.counters = counters;
    this.status = status;
    this.recoveryPoint = recoveryPoint;
  }

  /// Takes over the transactions that earlier checkpoints have written, and removes the files of
  /// those that have ended, or that are yet to come when replay begins before them.
  void load() throws IOException {
    prepared.clear();
    for (String name : files.list(directory)) {
      if (name.endsWith(UNFINISHED)) {
        files.remove(directory.resolve(name));
      } else if (isFileName(name)) {
        load(Long.parseUnsignedLong(name, 16));
      }
    }
  }

  private boolean isFileName(String name) {
    return name.length() == nameDigits
        && name.chars().allMatch(c -> "0123456789ABCDEF".indexOf(c) >= 0);
  }

  private void load(long named) throws IOException {
    int xid = (int) named;
    Path file = fileOf(named);
    int nextXid = (int) counters.nextXid();
    if (xid == nextXid || TransactionIds.precedes(nextXid, xid)) {
      logger.warn(
          "removing future two-phase state file for transaction {}", Integer.toUnsignedString(xid));
      files.remove(file);
    } else if (hasEnded(xid)) {
      logger.warn(
          "removing stale two-phase state file for transaction {}", Integer.toUnsignedString(xid));
      files.remove(file);
    } else {
      check(file, xid);
      prepared.put(xid, new Prepared(named, 0, null));
    }
  }

  private boolean hasEnded(int xid) throws IOException {
    int end = status.get(xid);
    return end == TransactionStatus.COMMITTED || end == TransactionStatus.ABORTED;
  }

  private void check(Path file, int xid) throws IOException {
    byte[] content = WholeFile.read(files, file);
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int crcAt = content.length - CRC_BYTES;
    if (crcAt < HEADER_BYTES || crcAt % 8 != 0) {
      throw new IOException(
          "incorrect size of file \"%s\": %d bytes".formatted(file, content.length));
    }
    if (bytes.getInt(0) != MAGIC) {
      throw new IOException("invalid magic number stored in file \"%s\"".formatted(file));
    }
    if (bytes.getInt(TOTAL_LENGTH_AT) != content.length) {
      throw new IOException("invalid size stored in file \"%s\"".formatted(file));
    }
    if (bytes.getInt(crcAt) != crc(content, crcAt)) {
      throw new IOException(
          "calculated CRC checksum does not match value stored in file \"%s\"".formatted(file));
    }
    if (bytes.getInt(XID_AT) != xid) {
      throw new IOException(
          "corrupted two-phase state file for transaction %s"
              .formatted(Integer.toUnsignedString(xid)));
    }
  }

  /// The transaction has been prepared. One that is known already was written by a checkpoint that
  /// has not come to its end, or is in a backup: its file says the same.
  void add(XactPrepare record) {
    DecodedXLogRecord decoded = record.record();
    int xid = record.xid();
    if (prepared.containsKey(xid)) {
      return;
    }
    int length = decoded.main().length();
    byte[] content = new byte[length + CRC_BYTES];
    decoded.main().copy(0, content, 0, length);
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putInt(length, crc(content, length));
    prepared.put(
        xid, new Prepared(counters.fullXid(xid), decoded.endLsn(), ByteBuffer.wrap(content)));
  }

  /// The transaction has ended, by the record that ends at `endLsn`. It may not be known: replay
  /// may begin between a removal of its file and this record.
  void remove(int xid, long endLsn) throws IOException {
    Prepared ended = prepared.remove(xid);
    if (ended != null && ended.onDisk()) {
      recoveryPoint.require(endLsn);
      files.remove(fileOf(ended.fullXid()));
    }
  }

  /// Writes those whose records a replay from `redoLsn` will not see, durably.
  void write(long redoLsn) throws IOException {
    for (var entry : prepared.entrySet()) {
      Prepared transaction = entry.getValue();
      ByteBuffer content = transaction.content();
      if (content != null && !Lsn.isAfter(transaction.endLsn(), redoLsn)) {
        files.replace(fileOf(transaction.fullXid()), content.duplicate());
        entry.setValue(new Prepared(transaction.fullXid(), transaction.endLsn(), null));
      }
    }
    files.forceDirectory(directory);
  }

  /// How many there are.
  int count() {
    return prepared.size();
  }

  private Path fileOf(long fullXid) {
    return directory.resolve(
        nameDigits == 16 ? "%016X".formatted(fullXid) : "%08X".formatted((int) fullXid));
  }

  private static int crc(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
