package org.walstream.wal.control;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.walstream.wal.WalFormat;

/// What a checkpoint knew: where redo must begin, and the counters to begin it with. The body of a
/// checkpoint record in WAL, and a copy of the latest in the control file.
///
/// ```
/// offset  bytes  field                     (integers little-endian)
///      0      8  redo                      where redo begins
///      8      4  ThisTimeLineID
///     12      4  PrevTimeLineID            the timeline before, if this is its first record
///     16      1  fullPageWrites
///     20      4  wal_level                 PostgreSQL 17 and later; padding before
///     24      8  nextXid                   epoch and transaction
///     32      4  nextOid
///     36      4  nextMulti
///     40      4  nextMultiOffset
///     44      4  oldestXid
///     48      4  oldestXidDB
///     52      4  oldestMulti
///     56      4  oldestMultiDB
///     60      4  (padding)
///     64      8  time                      seconds since 1970
///     72      4  oldestCommitTsXid
///     76      4  newestCommitTsXid
///     80      4  oldestActiveXid           0 when none, as in a shutdown checkpoint
///     84      4  (padding)
/// ```
///
/// The `int`s are unsigned. Counterpart of CheckPoint, src/include/catalog/pg_control.h.
///
/// @param walLevel empty before PostgreSQL 17
/// @param timeSeconds since 1970-01-01 00:00 UTC
public record CheckPoint(
    long redoLsn,
    int timeline,
    int prevTimeline,
    boolean fullPageWrites,
    Optional<WalLevel> walLevel,
    long nextXid,
    int nextOid,
    int nextMulti,
    int nextMultiOffset,
    int oldestXid,
    int oldestXidDb,
    int oldestMulti,
    int oldestMultiDb,
    long timeSeconds,
    int oldestCommitTsXid,
    int newestCommitTsXid,
    int oldestActiveXid) {

  public static final int LENGTH = 88;

  /// Reads the checkpoint at `at` of `bytes`, which must be little-endian and hold [#LENGTH] bytes
  /// from there. They come from behind a CRC, so what they say is taken.
  public static CheckPoint read(ByteBuffer bytes, int at, WalFormat format) {
    return new CheckPoint(
        bytes.getLong(at),
        bytes.getInt(at + 8),
        bytes.getInt(at + 12),
        bytes.get(at + 16) != 0,
        format.checkPointHasWalLevel() ? WalLevel.of(bytes.getInt(at + 20)) : Optional.empty(),
        bytes.getLong(at + 24),
        bytes.getInt(at + 32),
        bytes.getInt(at + 36),
        bytes.getInt(at + 40),
        bytes.getInt(at + 44),
        bytes.getInt(at + 48),
        bytes.getInt(at + 52),
        bytes.getInt(at + 56),
        bytes.getLong(at + 64),
        bytes.getInt(at + 72),
        bytes.getInt(at + 76),
        bytes.getInt(at + 80));
  }

  /// The same counters in the checkpoint of a server that is shut down, whose first record it is on
  /// `timeline`: redo begins with it.
  ///
  /// @param level the server's `wal_level`, which is told since PostgreSQL 17
  public CheckPoint asShutDown(
      long lsn, int newTimeline, int oldTimeline, WalLevel level, long seconds) {
    return new CheckPoint(
        lsn,
        newTimeline,
        oldTimeline,
        fullPageWrites,
        walLevel.map(_ -> level),
        nextXid,
        nextOid,
        nextMulti,
        nextMultiOffset,
        oldestXid,
        oldestXidDb,
        oldestMulti,
        oldestMultiDb,
        seconds,
        oldestCommitTsXid,
        newestCommitTsXid,
        0);
  }

  /// The same with another next transaction.
  public CheckPoint withNextXid(long nextXid) {
    return new CheckPoint(
        redoLsn,
        timeline,
        prevTimeline,
        fullPageWrites,
        walLevel,
        nextXid,
        nextOid,
        nextMulti,
        nextMultiOffset,
        oldestXid,
        oldestXidDb,
        oldestMulti,
        oldestMultiDb,
        timeSeconds,
        oldestCommitTsXid,
        newestCommitTsXid,
        oldestActiveXid);
  }

  /// Writes the checkpoint to `at` of `bytes`, which must be little-endian and have zeros there.
  public void write(ByteBuffer bytes, int at, WalFormat format) {
    bytes.putLong(at, redoLsn);
    bytes.putInt(at + 8, timeline).putInt(at + 12, prevTimeline);
    bytes.put(at + 16, (byte) (fullPageWrites ? 1 : 0));
    if (format.checkPointHasWalLevel()) {
      walLevel.ifPresent(level -> bytes.putInt(at + 20, level.code()));
    }
    bytes.putLong(at + 24, nextXid);
    bytes.putInt(at + 32, nextOid);
    bytes.putInt(at + 36, nextMulti).putInt(at + 40, nextMultiOffset);
    bytes.putInt(at + 44, oldestXid).putInt(at + 48, oldestXidDb);
    bytes.putInt(at + 52, oldestMulti).putInt(at + 56, oldestMultiDb);
    bytes.putLong(at + 64, timeSeconds);
    bytes.putInt(at + 72, oldestCommitTsXid).putInt(at + 76, newestCommitTsXid);
    bytes.putInt(at + 80, oldestActiveXid);
  }
}
