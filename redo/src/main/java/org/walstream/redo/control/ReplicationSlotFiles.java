package org.walstream.redo.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalFormat;

/// The logical replication slots that the directory itself has, as far as replay has to respect
/// them: `pg_replslot/NAME/state`.
///
/// ```
/// offset  bytes  field
///      0     16  magic, checksum, version, length
///     16     64  name
///     80      4  database       0 for a physical slot
///     84     12  persistency, xmin, catalog_xmin
///     96      8  restart_lsn    0 when it has none (any more)
///    104      4  invalidated    since PostgreSQL 16: 0 for a slot in use
/// ```
///
/// Counterpart of ReplicationSlotOnDisk, src/backend/replication/slot.c.
final class ReplicationSlotFiles {

  private static final int DATABASE_AT = 80;
  private static final int RESTART_LSN_AT = 96;
  private static final int INVALIDATED_AT = 104;
  private static final int LENGTH = 112;

  private record Slot(Path directory, int database, long restartLsn, boolean invalidated) {}

  private final DataFiles files;
  private final Path directory;
  private final WalFormat format;

  ReplicationSlotFiles(DataFiles files, Path dataDirectory, WalFormat format) {
    this.files = files;
    this.directory = dataDirectory.resolve("pg_replslot");
    this.format = format;
  }

  /// Removes the slots of a database that is dropped (ReplicationSlotsDropDBSlots).
  void dropOfDatabase(int dbOid) throws IOException {
    for (Slot slot : logicalSlots()) {
      if (slot.database() == dbOid) {
        files.removeTree(slot.directory());
      }
    }
  }

  /// From where on somebody may still decode WAL, or 0 if nobody will
  /// (ReplicationSlotsComputeLogicalRestartLSN).
  long logicalRestartLsn() throws IOException {
    long oldest = 0;
    for (Slot slot : logicalSlots()) {
      long lsn = slot.restartLsn();
      if (!slot.invalidated() && lsn != 0) {
        oldest = oldest == 0 ? lsn : Lsn.min(oldest, lsn);
      }
    }
    return oldest;
  }

  private List<Slot> logicalSlots() throws IOException {
    var slots = new ArrayList<Slot>();
    if (files.exists(directory)) {
      for (String name : files.list(directory)) {
        Slot slot = read(directory.resolve(name));
        if (slot != null && slot.database() != 0) {
          slots.add(slot);
        }
      }
    }
    return slots;
  }

  private @Nullable Slot read(Path slot) throws IOException {
    if (!files.exists(slot.resolve("state"))) {
      return null;
    }
    byte[] content = WholeFile.read(files, slot.resolve("state"));
    if (content.length < LENGTH) {
      return null; // of no use to a server either, which will say so
    }
    ByteBuffer state = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    boolean invalidated = format.slotsSayWhyInvalidated() && state.getInt(INVALIDATED_AT) != 0;
    return new Slot(slot, state.getInt(DATABASE_AT), state.getLong(RESTART_LSN_AT), invalidated);
  }
}
