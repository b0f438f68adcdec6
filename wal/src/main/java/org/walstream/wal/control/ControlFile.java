package org.walstream.wal.control;

import java.util.Optional;
import org.walstream.wal.CorruptDataException;
import org.walstream.wal.TimelineId;
import org.walstream.wal.UnsupportedVersionException;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentSize;

/// A cluster's `global/pg_control`: which cluster it is, how its files are laid out, and where
/// recovery begins.
///
/// ```
/// offset  bytes  field                        (integers little-endian)
///      0      8  system_identifier
///      8      4  pg_control_version           see WalFormat
///     12      4  catalog_version_no
///     16      4  state                        see DBState
///     24      8  time                         of the last write, seconds since 1970
///     32      8  checkPoint                   the latest checkpoint record
///     40     88  checkPointCopy               see CheckPoint
///    128      8  unloggedLSN
///    136      8  minRecoveryPoint             a standby is consistent from here; 0 on a primary
///    144      4  minRecoveryPointTLI
///    152      8  backupStartPoint
///    160      8  backupEndPoint
///    168      1  backupEndRequired
///    172     29  parameters that a standby must know, see Parameters
///    204     48  how the server was built, see Layout
///    252      4  data_checksum_version
///    256      1  default_char_signedness      PostgreSQL 18 and later
///    256     32  mock_authentication_nonce    from PostgreSQL 18 at 257
///    288      4  crc                          from PostgreSQL 18 at 292: CRC-32C of all before
/// ```
///
/// Zeros fill the file up to 8 kB. Counterpart of ControlFileData,
/// src/include/catalog/pg_control.h.
///
/// @param timeSeconds since 1970-01-01 00:00 UTC
/// @param minRecoveryPointTimeline unsigned; 0 on a primary
/// @param defaultCharSigned empty before PostgreSQL 18
/// @param mockAuthenticationNonce in hexadecimal
public record ControlFile(
    long systemIdentifier,
    WalFormat format,
    DBState state,
    long timeSeconds,
    long checkPointLsn,
    CheckPoint checkPoint,
    long unloggedLsn,
    long minRecoveryPoint,
    int minRecoveryPointTimeline,
    long backupStartPoint,
    long backupEndPoint,
    boolean backupEndRequired,
    Parameters parameters,
    Layout layout,
    int dataChecksumVersion,
    Optional<Boolean> defaultCharSigned,
    String mockAuthenticationNonce) {

  /// sizeof(ControlFileData), the same in all versions: what a file must hold at least.
  public static final int LENGTH = 296;

  /// Bytes of the file (PG_CONTROL_FILE_SIZE).
  public static final int FILE_BYTES = 8192;

  /// Settings of the primary that a standby must match or exceed.
  public record Parameters(
      WalLevel walLevel,
      boolean walLogHints,
      int maxConnections,
      int maxWorkerProcesses,
      int maxWalSenders,
      int maxPreparedTransactions,
      int maxLocksPerTransaction,
      boolean trackCommitTimestamp) {}

  /// Sizes chosen by configure and initdb.
  public record Layout(
      int maxAlign,
      int blockBytes,
      int relationSegmentBlocks,
      int walBlockBytes,
      WalSegmentSize walSegmentSize,
      int maxIdentifierLength,
      int maxIndexColumns,
      int toastMaxChunkBytes,
      int largeObjectBlockBytes,
      boolean float8ByValue) {}

  /// Reads a control file.
  ///
  /// @throws CorruptDataException when it is too short or its checksum or a value is wrong
  /// @throws UnsupportedVersionException when it is of a version, byte order or build not read here
  public static ControlFile parse(byte[] file)
      throws CorruptDataException, UnsupportedVersionException {
    return ControlFileParser.parse(ControlFileBytes.of(file));
  }

  /// The whole file, with its checksum.
  public byte[] toBytes() {
    return ControlFileWriter.write(this);
  }

  /// The same with another state.
  public ControlFile withState(DBState state) {
    return with(state, timeSeconds, checkPointLsn, checkPoint, recovery(), parameters);
  }

  /// The same with another time of the last write.
  public ControlFile withTime(long timeSeconds) {
    return with(state, timeSeconds, checkPointLsn, checkPoint, recovery(), parameters);
  }

  /// The same with another latest checkpoint.
  ///
  /// @param lsn where its record starts
  public ControlFile withCheckPoint(long lsn, CheckPoint checkPoint) {
    return with(state, timeSeconds, lsn, checkPoint, recovery(), parameters);
  }

  /// The same with another minimum recovery point.
  ///
  /// @param timeline unsigned; 0, as `lsn`, for none
  public ControlFile withMinRecoveryPoint(long lsn, int timeline) {
    var recovery = new Recovery(lsn, timeline, backupStartPoint, backupEndPoint, backupEndRequired);
    return with(state, timeSeconds, checkPointLsn, checkPoint, recovery, parameters);
  }

  /// The same with other points of the backup that it was restored from: all 0 and false once
  /// recovery has come to its end.
  public ControlFile withBackupPoints(long start, long end, boolean endRequired) {
    var recovery =
        new Recovery(minRecoveryPoint, minRecoveryPointTimeline, start, end, endRequired);
    return with(state, timeSeconds, checkPointLsn, checkPoint, recovery, parameters);
  }

  /// The same with other settings of the primary.
  public ControlFile withParameters(Parameters parameters) {
    return with(state, timeSeconds, checkPointLsn, checkPoint, recovery(), parameters);
  }

  /// What changes in the course of recovery alone.
  private record Recovery(
      long minRecoveryPoint,
      int minRecoveryPointTimeline,
      long backupStartPoint,
      long backupEndPoint,
      boolean backupEndRequired) {}

  private Recovery recovery() {
    return new Recovery(
        minRecoveryPoint,
        minRecoveryPointTimeline,
        backupStartPoint,
        backupEndPoint,
        backupEndRequired);
  }

  private ControlFile with(
      DBState newState,
      long newTimeSeconds,
      long newCheckPointLsn,
      CheckPoint newCheckPoint,
      Recovery recovery,
      Parameters newParameters) {
    return new ControlFile(
        systemIdentifier,
        format,
        newState,
        newTimeSeconds,
        newCheckPointLsn,
        newCheckPoint,
        unloggedLsn,
        recovery.minRecoveryPoint(),
        recovery.minRecoveryPointTimeline(),
        recovery.backupStartPoint(),
        recovery.backupEndPoint(),
        recovery.backupEndRequired(),
        newParameters,
        layout,
        dataChecksumVersion,
        defaultCharSigned,
        mockAuthenticationNonce);
  }

  /// The timeline that the cluster was on, as far as this file knows: after a promotion the first
  /// checkpoint on the new timeline may still be missing, but not the minimum recovery point.
  public TimelineId timeline() {
    return new TimelineId(
        Integer.compareUnsigned(minRecoveryPointTimeline, checkPoint.timeline()) > 0
            ? minRecoveryPointTimeline
            : checkPoint.timeline());
  }
}
