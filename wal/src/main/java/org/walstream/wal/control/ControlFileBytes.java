package org.walstream.wal.control;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.walstream.wal.CorruptDataException;
import org.walstream.wal.WalFormat;

/// The fields of a control file as they stand, at the offsets that [ControlFile] draws, whatever
/// they say: for who shows what is left of a corrupted one. Who goes by them reads a [ControlFile].
///
/// The `int`s that C has unsigned are so here.
public final class ControlFileBytes {

  private static final int CHECK_POINT_AT = 40;
  private static final int NONCE_LENGTH = 32;

  private final ByteBuffer file;
  private final WalFormat layout;

  private ControlFileBytes(ByteBuffer file) {
    this.file = file;
    this.layout = WalFormat.layoutOfControlFile(controlFileVersion()).orElseGet(WalFormat::newest);
  }

  /// @throws CorruptDataException when there is not all of it
  public static ControlFileBytes of(byte[] file) throws CorruptDataException {
    if (file.length < ControlFile.LENGTH) {
      throw new CorruptDataException(
          "could not read file \"global/pg_control\": read %d of %d"
              .formatted(file.length, ControlFile.LENGTH));
    }
    return new ControlFileBytes(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
  }

  /// The checksum of all before the one that is stored.
  public int computedChecksum() {
    var crc = new CRC32C();
    crc.update(file.duplicate().limit(layout.controlFileCrcOffset()));
    return (int) crc.getValue();
  }

  public boolean hasRightChecksum() {
    return computedChecksum() == file.getInt(layout.controlFileCrcOffset());
  }

  /// True when the version number reads like one that was stored the other way round.
  public boolean mayBeBigEndian() {
    return (controlFileVersion() & 0xFFFF) == 0 && controlFileVersion() != 0;
  }

  public long systemIdentifier() {
    return file.getLong(0);
  }

  public int controlFileVersion() {
    return file.getInt(8);
  }

  public int catalogVersion() {
    return file.getInt(12);
  }

  /// Empty when the number is none.
  public Optional<DBState> state() {
    return DBState.of(stateCode());
  }

  int stateCode() {
    return file.getInt(16);
  }

  public long timeSeconds() {
    return file.getLong(24);
  }

  public long checkPointLsn() {
    return file.getLong(32);
  }

  public CheckPoint checkPoint() {
    return CheckPoint.read(file, CHECK_POINT_AT, layout);
  }

  public long unloggedLsn() {
    return file.getLong(128);
  }

  public long minRecoveryPoint() {
    return file.getLong(136);
  }

  public int minRecoveryPointTimeline() {
    return file.getInt(144);
  }

  public long backupStartPoint() {
    return file.getLong(152);
  }

  public long backupEndPoint() {
    return file.getLong(160);
  }

  public boolean backupEndRequired() {
    return flag(168);
  }

  /// Empty when the number is none.
  public Optional<WalLevel> walLevel() {
    return WalLevel.of(walLevelCode());
  }

  int walLevelCode() {
    return file.getInt(172);
  }

  public boolean walLogHints() {
    return flag(176);
  }

  public int maxConnections() {
    return file.getInt(180);
  }

  public int maxWorkerProcesses() {
    return file.getInt(184);
  }

  public int maxWalSenders() {
    return file.getInt(188);
  }

  public int maxPreparedTransactions() {
    return file.getInt(192);
  }

  public int maxLocksPerTransaction() {
    return file.getInt(196);
  }

  public boolean trackCommitTimestamp() {
    return flag(200);
  }

  public int maxAlign() {
    return file.getInt(204);
  }

  double floatFormat() {
    return file.getDouble(208);
  }

  public int blockBytes() {
    return file.getInt(216);
  }

  public int relationSegmentBlocks() {
    return file.getInt(220);
  }

  public int walBlockBytes() {
    return file.getInt(224);
  }

  /// Any number; see [org.walstream.wal.WalSegmentSize#isValid].
  public int walSegmentBytes() {
    return file.getInt(228);
  }

  public int maxIdentifierLength() {
    return file.getInt(232);
  }

  public int maxIndexColumns() {
    return file.getInt(236);
  }

  public int toastMaxChunkBytes() {
    return file.getInt(240);
  }

  public int largeObjectBlockBytes() {
    return file.getInt(244);
  }

  public boolean float8ByValue() {
    return flag(248);
  }

  public int dataChecksumVersion() {
    return file.getInt(252);
  }

  /// Empty before PostgreSQL 18.
  public Optional<Boolean> defaultCharSigned() {
    return layout.controlFileHasCharSignedness() ? Optional.of(flag(256)) : Optional.empty();
  }

  /// In hexadecimal.
  public String mockAuthenticationNonce() {
    byte[] nonce = new byte[NONCE_LENGTH];
    file.get(layout.controlFileHasCharSignedness() ? 257 : 256, nonce);
    return HexFormat.of().formatHex(nonce);
  }

  private boolean flag(int at) {
    return file.get(at) != 0;
  }
}
