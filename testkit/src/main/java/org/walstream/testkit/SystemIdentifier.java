package org.walstream.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;

/// Gives a freshly copied data directory a system identifier of its own, as if initdb had made it:
/// clusters copied from one template would else take each other for the same.
///
/// The identifier stands in two places: the first 8 bytes of `global/pg_control`, and the long
/// header that opens each WAL segment.
final class SystemIdentifier {

  private static final int SEGMENT_HEADER_OFFSET = 24; // xlp_sysid in XLogLongPageHeaderData
  private static final int CONTROL_FILE_BYTES_MAX = 512;

  private SystemIdentifier() {}

  static void renew(Path dataDirectory) throws IOException {
    var seconds = System.currentTimeMillis() / 1000;
    var identifier = seconds << 32 | ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
    writeControlFile(dataDirectory.resolve("global/pg_control"), identifier);
    try (var segments = Files.newDirectoryStream(dataDirectory.resolve("pg_wal"), "0000*")) {
      for (var segment : segments) {
        writeSegment(segment, identifier);
      }
    }
  }

  private static void writeControlFile(Path file, long identifier) throws IOException {
    var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    var crcOffset = crcOffset(file, bytes);
    bytes.putLong(0, identifier);
    bytes.putInt(crcOffset, crc(bytes, crcOffset));
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.write(bytes);
    }
  }

  /// The checksum is the last field, and where that is depends on the version; it is where the
  /// checksum of everything before it stands.
  private static int crcOffset(Path file, ByteBuffer bytes) throws IOException {
    for (int offset = 8; offset < CONTROL_FILE_BYTES_MAX; offset += 4) {
      if (bytes.getInt(offset) == crc(bytes, offset)) {
        return offset;
      }
    }
    throw new IOException("no checksum found in \"" + file + "\"");
  }

  private static int crc(ByteBuffer bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes.slice(0, length));
    return (int) crc.getValue();
  }

  private static void writeSegment(Path segment, long identifier) throws IOException {
    var bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, identifier);
    try (var channel = Files.newByteChannel(segment, StandardOpenOption.WRITE)) {
      channel.position(SEGMENT_HEADER_OFFSET).write(bytes);
    }
  }
}
