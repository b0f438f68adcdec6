package org.walstream.send.slot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What the disk keeps of a slot: the file `slots/NAME/state`.
///
/// ```
/// offset  bytes  field          (integers little-endian)
///      0      4  magic          "WSLT"
///      4      4  checksum       CRC-32C of everything behind it
///      8      4  version        1
///     12      4  invalidation   0: none; see Invalidation
///     16      8  restartLsn     0: none
///     24      8  xmin           64 bits with the epoch above; 0: none
///     32      8  catalogXmin    the same
/// ```
///
/// The name is the directory's. Not PostgreSQL's format, which holds much of logical slots and
/// changes with its versions.
///
/// @param logical whether it is a slot for decoded changes, of which WAL is kept and nothing else
///   done; in a server's directory alone
record SlotState(
    long restartLsn,
    long xmin,
    long catalogXmin,
    Optional<Invalidation> invalidation,
    boolean logical) {

  static final int LENGTH = 40;

  private static final int MAGIC = 'W' | 'S' << 8 | 'L' << 16 | 'T' << 24;
  private static final int VERSION = 1;
  private static final int CHECKED_FROM = 8;

  SlotState(long restartLsn, long xmin, long catalogXmin, Optional<Invalidation> invalidation) {
    this(restartLsn, xmin, catalogXmin, invalidation, false);
  }

  /// @throws IOException saying what is wrong with `bytes`
  static SlotState decode(ByteBuffer bytes) throws IOException {
    if (bytes.remaining() != LENGTH) {
      throw new IOException("read %d of %d".formatted(bytes.remaining(), LENGTH));
    }
    ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt() != MAGIC) {
      throw new IOException("wrong magic number");
    }
    if (in.getInt() != checksum(in)) {
      throw new IOException("checksum mismatch");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw new IOException("unsupported version " + version);
    }
    int cause = in.getInt();
    Optional<Invalidation> invalidation = Invalidation.ofCode(cause);
    if (cause != 0 && invalidation.isEmpty()) {
      throw new IOException("unknown invalidation " + cause);
    }
    return new SlotState(in.getLong(), in.getLong(), in.getLong(), invalidation);
  }

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putInt(0).putInt(VERSION);
    out.putInt(invalidation.map(Invalidation::code).orElse(0));
    out.putLong(restartLsn).putLong(xmin).putLong(catalogXmin);
    return out.putInt(4, checksum(out)).flip();
  }

  private static int checksum(ByteBuffer buffer) {
    var crc = new CRC32C();
    crc.update(buffer.slice(CHECKED_FROM, LENGTH - CHECKED_FROM));
    return (int) crc.getValue();
  }
}
