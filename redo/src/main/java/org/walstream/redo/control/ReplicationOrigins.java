package org.walstream.redo.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.Lsn;
import org.walstream.wal.rmgr.ReplicationOriginRecord;

/// How far the server has replayed the changes of others by logical replication. Told by commits
/// and kept in memory; a checkpoint writes all of it to `pg_logical/replorigin_checkpoint`:
///
/// ```
/// offset  bytes  field
///      0      4  magic       0x1257DADE
///  then, of each origin, 16 bytes:
///      0      2  roident
///      8      8  remote_lsn
///  then
///             4  crc         CRC-32C of all before
/// ```
///
/// An origin that is dropped leaves a gap that the next new one fills: the file has them in this
/// order.
///
/// Counterpart of src/backend/replication/logical/origin.c.
final class ReplicationOrigins {

  private static final int MAGIC = 0x1257DADE;
  private static final int STATE_BYTES = 16;

  /// DoNotReplicateId: changes that are nobody's, and not kept.
  private static final int DO_NOT_REPLICATE = 0xFFFF;

  private static final class State {
    private final int node;
    private long remoteLsn;

    State(int node) {
      this.node = node;
    }
  }

  private final DataFiles files;
  private final Path file;
  private final RecoveryPoint recoveryPoint;

  /// Null where an origin has been dropped.
  private final List<@Nullable State> states = new ArrayList<>();

  /// Where the latest record ends that an origin has advanced by.
  private long advancedLsn;

  ReplicationOrigins(DataFiles files, Path dataDirectory, RecoveryPoint recoveryPoint) {
    this.files = files;
    this.file = dataDirectory.resolve("pg_logical/replorigin_checkpoint");
    this.recoveryPoint = recoveryPoint;
  }

  /// Reads what the last checkpoint has left, if it has.
  void load() throws IOException {
    states.clear();
    byte @Nullable [] content = WholeFile.readIfPresent(files, file);
    if (content == null) {
      return;
    }
    if (content.length < 2 * Integer.BYTES || content.length % STATE_BYTES != 2 * Integer.BYTES) {
      throw new IOException(
          "could not read file \"%s\": it has %d bytes".formatted(file, content.length));
    }
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt(0) != MAGIC) {
      throw new IOException(
          "replication checkpoint has wrong magic %s instead of %s"
              .formatted(
                  Integer.toUnsignedString(bytes.getInt(0)), Integer.toUnsignedString(MAGIC)));
    }
    int end = content.length - Integer.BYTES;
    if (bytes.getInt(end) != crc(content, end)) {
      throw new IOException(
          "replication slot checkpoint \"%s\" has wrong checksum".formatted(file));
    }
    for (int at = Integer.BYTES; at < end; at += STATE_BYTES) {
      State state = new State(Short.toUnsignedInt(bytes.getShort(at)));
      state.remoteLsn = bytes.getLong(at + 8);
      states.add(state);
    }
  }

  void redo(ReplicationOriginRecord record) {
    switch (record) {
      case ReplicationOriginRecord.Set set ->
          advance(set.nodeId(), set.remoteLsn(), set.record().endLsn(), set.force());
      case ReplicationOriginRecord.Drop drop -> {
        int slot = slotOf(drop.nodeId());
        if (slot >= 0) {
          states.set(slot, null);
        }
      }
    }
  }

  /// The origin's changes have been replayed up to `remoteLsn`, by the record that ends at
  /// `endLsn`.
  void advance(int node, long remoteLsn, long endLsn) {
    advance(node, remoteLsn, endLsn, false);
  }

  private void advance(int node, long remoteLsn, long endLsn, boolean backward) {
    if (node == DO_NOT_REPLICATE) {
      return;
    }
    int slot = slotOf(node);
    if (slot < 0) {
      slot = states.indexOf(null);
      if (slot < 0) {
        slot = states.size();
        states.add(null);
      }
      states.set(slot, new State(node));
    }
    State state = states.get(slot);
    if (state != null && (backward || Lsn.isBefore(state.remoteLsn, remoteLsn))) {
      state.remoteLsn = remoteLsn;
    }
    advancedLsn = Lsn.max(advancedLsn, endLsn);
  }

  private int slotOf(int node) {
    for (int slot = 0; slot < states.size(); slot++) {
      State state = states.get(slot);
      if (state != null && state.node == node) {
        return slot;
      }
    }
    return -1;
  }

  /// Writes the file, durably.
  void write() throws IOException {
    recoveryPoint.require(advancedLsn);
    ByteBuffer bytes =
        ByteBuffer.allocate(2 * Integer.BYTES + states.size() * STATE_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(MAGIC);
    for (State state : states) {
      if (state != null) {
        bytes.putShort((short) state.node).putShort((short) 0).putInt(0).putLong(state.remoteLsn);
      }
    }
    bytes.putInt(crc(bytes.array(), bytes.position()));
    files.replace(file, bytes.flip());
  }

  private static int crc(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
