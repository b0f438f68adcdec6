package org.walstream.wal.control;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.walstream.wal.CorruptDataException;
import org.walstream.wal.UnsupportedVersionException;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.ControlFile.Layout;
import org.walstream.wal.control.ControlFile.Parameters;
import org.walstream.wal.record.XLogPageHeader;

/// Reads control files: first the checks that make the bytes trustworthy, then the fields, at the
/// offsets that [ControlFile] draws.
final class ControlFileParser {

  private static final int VERSION_AT = 8;
  private static final int CATALOG_VERSION_AT = 12;
  private static final int CHECK_POINT_AT = 40;
  private static final int FLOAT_FORMAT_AT = 208;
  static final double FLOAT_FORMAT = 1234567.0;
  private static final int NONCE_LENGTH = 32;

  private ControlFileParser() {}

  /// @param verified false to take a file whose checksum is wrong
  static ControlFile parse(ByteBuffer file, boolean verified)
      throws CorruptDataException, UnsupportedVersionException {
    if (file.limit() < ControlFile.LENGTH) {
      throw new CorruptDataException(
          "could not read file \"global/pg_control\": read %d of %d"
              .formatted(file.limit(), ControlFile.LENGTH));
    }
    WalFormat format = checkedFormat(file, verified);
    checkLayout(file);
    return read(file, format);
  }

  /// The version tells where the checksum is, so it comes first, as in PostgreSQL.
  private static WalFormat checkedFormat(ByteBuffer file, boolean verified)
      throws CorruptDataException, UnsupportedVersionException {
    int version = file.getInt(VERSION_AT);
    if ((version & 0xFFFF) == 0 && version != 0) {
      throw new UnsupportedVersionException(
          "possible byte ordering mismatch: PG_CONTROL_VERSION %d (0x%08x)"
              .formatted(version, version));
    }
    if (verified && !hasRightChecksum(file)) {
      throw new CorruptDataException("incorrect checksum in control file");
    }
    return WalFormat.ofControlFile(version, file.getInt(CATALOG_VERSION_AT));
  }

  static boolean hasRightChecksum(ByteBuffer file) throws UnsupportedVersionException {
    int crcAt = WalFormat.controlFileCrcOffset(file.getInt(VERSION_AT));
    var crc = new CRC32C();
    crc.update(file.duplicate().limit(crcAt));
    return (int) crc.getValue() == file.getInt(crcAt);
  }

  private static void checkLayout(ByteBuffer file)
      throws CorruptDataException, UnsupportedVersionException {
    requireBuild("MAXALIGN", file.getInt(204), 8);
    requireBuild("XLOG_BLCKSZ", file.getInt(224), XLogPageHeader.PAGE_BYTES);
    if (file.getDouble(FLOAT_FORMAT_AT) != FLOAT_FORMAT) {
      throw new UnsupportedVersionException(
          "the database cluster uses another floating-point number format");
    }
    int segmentBytes = file.getInt(228);
    if (!WalSegmentSize.isValid(segmentBytes)) {
      throw new CorruptDataException(
          "invalid WAL segment size in control file (%d bytes)".formatted(segmentBytes),
          "The WAL segment size must be a power of two between 1 MB and 1 GB.");
    }
    if (file.getInt(CHECK_POINT_AT + 8) == 0) {
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

  private static ControlFile read(ByteBuffer file, WalFormat format) throws CorruptDataException {
    boolean charSignedness = format.controlFileHasCharSignedness();
    byte[] nonce = new byte[NONCE_LENGTH];
    file.get(charSignedness ? 257 : 256, nonce);
    int state = file.getInt(16);
    return new ControlFile(
        file.getLong(0),
        format,
        DBState.of(state)
            .orElseThrow(() -> new CorruptDataException("unrecognized cluster state " + state)),
        file.getLong(24),
        file.getLong(32),
        CheckPoint.read(file, CHECK_POINT_AT, format),
        file.getLong(128),
        file.getLong(136),
        file.getInt(144),
        file.getLong(152),
        file.getLong(160),
        file.get(168) != 0,
        parameters(file),
        layout(file),
        file.getInt(252),
        charSignedness ? Optional.of(file.get(256) != 0) : Optional.empty(),
        HexFormat.of().formatHex(nonce));
  }

  private static Parameters parameters(ByteBuffer file) throws CorruptDataException {
    int walLevel = file.getInt(172);
    return new Parameters(
        WalLevel.of(walLevel)
            .orElseThrow(() -> new CorruptDataException("unrecognized wal_level " + walLevel)),
        file.get(176) != 0,
        file.getInt(180),
        file.getInt(184),
        file.getInt(188),
        file.getInt(192),
        file.getInt(196),
        file.get(200) != 0);
  }

  private static Layout layout(ByteBuffer file) {
    return new Layout(
        file.getInt(204),
        file.getInt(216),
        file.getInt(220),
        file.getInt(224),
        new WalSegmentSize(file.getInt(228)),
        file.getInt(232),
        file.getInt(236),
        file.getInt(240),
        file.getInt(244),
        file.get(248) != 0);
  }
}
