package org.walstream.wal.control;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.walstream.wal.WalFormat;
import org.walstream.wal.control.ControlFile.Layout;
import org.walstream.wal.control.ControlFile.Parameters;

/// Writes control files: the fields at the offsets that [ControlFile] draws, zeros between and
/// behind them, and the checksum.
final class ControlFileWriter {

  private ControlFileWriter() {}

  static byte[] write(ControlFile control) {
    byte[] file = new byte[ControlFile.FILE_BYTES];
    var bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    WalFormat format = control.format();
    bytes.putLong(0, control.systemIdentifier());
    bytes.putInt(8, format.controlFileVersion()).putInt(12, format.catalogVersion());
    bytes.putInt(16, control.state().code()).putLong(24, control.timeSeconds());
    bytes.putLong(32, control.checkPointLsn());
    control.checkPoint().write(bytes, 40, format);
    bytes.putLong(128, control.unloggedLsn());
    bytes.putLong(136, control.minRecoveryPoint());
    bytes.putInt(144, control.minRecoveryPointTimeline());
    bytes.putLong(152, control.backupStartPoint()).putLong(160, control.backupEndPoint());
    bytes.put(168, flag(control.backupEndRequired()));
    parameters(control.parameters(), bytes);
    layout(control.layout(), bytes);
    bytes.putInt(252, control.dataChecksumVersion());
    control.defaultCharSigned().ifPresent(signed -> bytes.put(256, flag(signed)));
    int nonceAt = format.controlFileHasCharSignedness() ? 257 : 256;
    bytes.put(nonceAt, HexFormat.of().parseHex(control.mockAuthenticationNonce()));
    seal(file, bytes, format);
    return file;
  }

  private static void seal(byte[] file, ByteBuffer bytes, WalFormat format) {
    int crcAt = format.controlFileCrcOffset();
    var crc = new CRC32C();
    crc.update(file, 0, crcAt);
    bytes.putInt(crcAt, (int) crc.getValue());
  }

  private static void parameters(Parameters parameters, ByteBuffer bytes) {
    bytes.putInt(172, parameters.walLevel().code());
    bytes.put(176, flag(parameters.walLogHints()));
    bytes.putInt(180, parameters.maxConnections());
    bytes.putInt(184, parameters.maxWorkerProcesses());
    bytes.putInt(188, parameters.maxWalSenders());
    bytes.putInt(192, parameters.maxPreparedTransactions());
    bytes.putInt(196, parameters.maxLocksPerTransaction());
    bytes.put(200, flag(parameters.trackCommitTimestamp()));
  }

  private static void layout(Layout layout, ByteBuffer bytes) {
    bytes.putInt(204, layout.maxAlign());
    bytes.putDouble(208, ControlFileParser.FLOAT_FORMAT);
    bytes.putInt(216, layout.blockBytes()).putInt(220, layout.relationSegmentBlocks());
    bytes.putInt(224, layout.walBlockBytes());
    bytes.putInt(228, layout.walSegmentSize().bytes());
    bytes.putInt(232, layout.maxIdentifierLength()).putInt(236, layout.maxIndexColumns());
    bytes.putInt(240, layout.toastMaxChunkBytes());
    bytes.putInt(244, layout.largeObjectBlockBytes());
    bytes.put(248, flag(layout.float8ByValue()));
  }

  private static byte flag(boolean value) {
    return (byte) (value ? 1 : 0);
  }
}
