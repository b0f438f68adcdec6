package org.walstream.send.slot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A slot as a server keeps it, the file `pg_replslot/NAME/state`:
///
/// ```
/// offset  bytes  field             (integers little-endian)
///      0      4  magic             0x01051CA1
///      4      4  checksum          CRC-32C of everything behind it
///      8      4  version           2: 15; 3: 16; 5: 17 and 18
///     12      4  length            of what follows: 184
///     16     64  name
///     80      4  database          0: a physical slot
///     84      4  persistency       0: it outlives who made it
///     88      4  xmin
///     92      4  catalog_xmin
///     96      8  restart_lsn
///    104      8  invalidated_at    15: where restart_lsn was
///    104      4  invalidated       16 on: why; then 4 unused
///    112      8  confirmed_flush
///    120      8  two_phase_at
///    128      1  two_phase
///    129     64  plugin
///    193      2  synced, failover  17 on
///    195      5  unused
/// ```
///
/// What is only a logical slot's is kept as it is.
///
/// Source: ReplicationSlotOnDisk, src/backend/replication/slot.c, and
/// ReplicationSlotPersistentData, src/include/replication/slot.h.
final class ServerSlotFormat extends SlotFormat {

  private static final int LENGTH = 200;
  private static final int MAGIC = 0x01051CA1;
  private static final int CHECKSUM = 4;
  private static final int VERSION = 8;
  private static final int DATA_LENGTH = 12;
  private static final int DATA = 16;
  private static final int NAME = DATA;
  private static final int DATABASE = 80;
  private static final int XMIN = 88;
  private static final int CATALOG_XMIN = 92;
  private static final int RESTART_LSN = 96;
  private static final int INVALIDATED = 104;

  private static final int XID_BITS = 32;

  private final int version;
  private final boolean hasCause;
  private final long nextXid;

  ServerSlotFormat(int majorVersion, long nextXid) {
    this.version =
        switch (majorVersion) {
          case 15 -> 2;
          case 16 -> 3;
          default -> 5;
        };
    this.hasCause = majorVersion > 15;
    this.nextXid = nextXid;
  }

  @Override
  int length() {
    return LENGTH;
  }

  @Override
  boolean hasMore() {
    return true;
  }

  @Override
  ByteBuffer encode(String name, SlotState state, @Nullable ByteBuffer previous) {
    ByteBuffer out = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    if (previous == null) {
      out.putInt(0, MAGIC).putInt(VERSION, version).putInt(DATA_LENGTH, LENGTH - DATA);
      out.put(NAME, name.getBytes(US_ASCII));
    } else {
      out.put(0, previous, previous.position(), LENGTH);
    }
    long restartLsnBefore = out.getLong(RESTART_LSN);
    out.putInt(XMIN, (int) state.xmin()).putInt(CATALOG_XMIN, (int) state.catalogXmin());
    out.putLong(RESTART_LSN, state.restartLsn());
    if (state.invalidation().isPresent()) {
      if (hasCause) {
        out.putInt(INVALIDATED, state.invalidation().get().code());
      } else if (out.getLong(INVALIDATED) == 0) {
        out.putLong(INVALIDATED, restartLsnBefore);
      }
    }
    return out.putInt(CHECKSUM, checksum(out));
  }

  @Override
  SlotState decode(ByteBuffer bytes) throws IOException {
    if (bytes.remaining() != LENGTH) {
      throw new IOException("read %d of %d".formatted(bytes.remaining(), LENGTH));
    }
    ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(0) != MAGIC) {
      throw new IOException("wrong magic number");
    }
    if (in.getInt(VERSION) != version) {
      throw new IOException("unsupported version " + in.getInt(VERSION));
    }
    if (in.getInt(CHECKSUM) != checksum(in)) {
      throw new IOException("checksum mismatch");
    }
    return new SlotState(
        in.getLong(RESTART_LSN),
        full(in.getInt(XMIN)),
        full(in.getInt(CATALOG_XMIN)),
        invalidation(in),
        in.getInt(DATABASE) != 0);
  }

  private Optional<Invalidation> invalidation(ByteBuffer in) throws IOException {
    if (!hasCause) {
      return in.getLong(INVALIDATED) == 0
          ? Optional.empty()
          : Optional.of(Invalidation.WAL_REMOVED);
    }
    int cause = in.getInt(INVALIDATED);
    Optional<Invalidation> known = Invalidation.ofCode(cause);
    return cause != 0 && known.isEmpty() ? Optional.of(Invalidation.OTHER) : known;
  }

  /// A transaction that is no newer than the next one, with its epoch.
  private long full(int xid) {
    if (xid == 0) {
      return 0;
    }
    long epoch = nextXid >>> XID_BITS;
    boolean ofEpochBefore = Integer.compareUnsigned(xid, (int) nextXid) > 0 && epoch > 0;
    return (ofEpochBefore ? epoch - 1 : epoch) << XID_BITS | Integer.toUnsignedLong(xid);
  }

  private static int checksum(ByteBuffer buffer) {
    var crc = new CRC32C();
    crc.update(buffer.slice(VERSION, LENGTH - VERSION));
    return (int) crc.getValue();
  }
}
