package org.walstream.wal.control;

import org.walstream.wal.CorruptDataException;
import org.walstream.wal.UnsupportedVersionException;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.ControlFile.Layout;
import org.walstream.wal.control.ControlFile.Parameters;
import org.walstream.wal.record.XLogPageHeader;

/// Makes a control file of [ControlFileBytes] that have proven trustworthy.
final class ControlFileParser {

  static final double FLOAT_FORMAT = 1234567.0;

  private ControlFileParser() {}

  static ControlFile parse(ControlFileBytes file)
      throws CorruptDataException, UnsupportedVersionException {
    WalFormat format = checkedFormat(file);
    checkLayout(file);
    return read(file, format);
  }

  /// The version tells where the checksum is, so it comes first, as in PostgreSQL.
  private static WalFormat checkedFormat(ControlFileBytes file)
      throws CorruptDataException, UnsupportedVersionException {
    int version = file.controlFileVersion();
    if (file.mayBeBigEndian()) {
      throw new UnsupportedVersionException(
          "possible byte ordering mismatch: PG_CONTROL_VERSION %d (0x%08x)"
              .formatted(version, version));
    }
    if (WalFormat.layoutOfControlFile(version).isEmpty()) {
      throw new UnsupportedVersionException("unexpected control file version " + version);
    }
    if (!file.hasRightChecksum()) {
      throw new CorruptDataException("incorrect checksum in control file");
    }
    return WalFormat.ofControlFile(version, file.catalogVersion());
  }

  private static void checkLayout(ControlFileBytes file)
      throws CorruptDataException, UnsupportedVersionException {
    requireBuild("MAXALIGN", file.maxAlign(), 8);
    requireBuild("XLOG_BLCKSZ", file.walBlockBytes(), XLogPageHeader.PAGE_BYTES);
    if (file.floatFormat() != FLOAT_FORMAT) {
      throw new UnsupportedVersionException(
          "the database cluster uses another floating-point number format");
    }
    int segmentBytes = file.walSegmentBytes();
    if (!WalSegmentSize.isValid(segmentBytes)) {
      throw new CorruptDataException(
          "invalid WAL segment size in control file (%d bytes)".formatted(segmentBytes),
          "The WAL segment size must be a power of two between 1 MB and 1 GB.");
    }
    if (file.checkPoint().timeline() == 0) {
      throw new CorruptDataException("invalid timeline 0 of the latest checkpoint in control file");
    }
  }

  private static void requireBuild(String what, int value, int expected)
      throws UnsupportedVersionException {
    if (value != expected) {
      throw new UnsupportedVersionException(
          "the database cluster was initialized with %s %d: expected %d"
              .formatted(what, value, expected));
    }
  }

  private static ControlFile read(ControlFileBytes file, WalFormat format)
      throws CorruptDataException {
    return new ControlFile(
        file.systemIdentifier(),
        format,
        file.state()
            .orElseThrow(
                () -> new CorruptDataException("unrecognized cluster state " + file.stateCode())),
        file.timeSeconds(),
        file.checkPointLsn(),
        file.checkPoint(),
        file.unloggedLsn(),
        file.minRecoveryPoint(),
        file.minRecoveryPointTimeline(),
        file.backupStartPoint(),
        file.backupEndPoint(),
        file.backupEndRequired(),
        parameters(file),
        layout(file),
        file.dataChecksumVersion(),
        file.defaultCharSigned(),
        file.mockAuthenticationNonce());
  }

  private static Parameters parameters(ControlFileBytes file) throws CorruptDataException {
    return new Parameters(
        file.walLevel()
            .orElseThrow(
                () -> new CorruptDataException("unrecognized wal_level " + file.walLevelCode())),
        file.walLogHints(),
        file.maxConnections(),
        file.maxWorkerProcesses(),
        file.maxWalSenders(),
        file.maxPreparedTransactions(),
        file.maxLocksPerTransaction(),
        file.trackCommitTimestamp());
  }

  private static Layout layout(ControlFileBytes file) {
    return new Layout(
        file.maxAlign(),
        file.blockBytes(),
        file.relationSegmentBlocks(),
        file.walBlockBytes(),
        new WalSegmentSize(file.walSegmentBytes()),
        file.maxIdentifierLength(),
        file.maxIndexColumns(),
        file.toastMaxChunkBytes(),
        file.largeObjectBlockBytes(),
        file.float8ByValue());
  }
}
