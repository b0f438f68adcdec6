package org.walstream.redo.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.walstream.redo.RedoException;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.redo.storage.DataFile;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.WalFormat;
import org.walstream.wal.rmgr.RelMapRecord;

/// The maps `pg_filenode.map`, of each database and of what all share, written as their records
/// have them.
///
/// ```
/// offset  bytes  field
///      0      4  magic           0x592717
///      4      4  num_mappings
///      8    8 n  mappings        n is 64; before PostgreSQL 16 62
///             4  crc             CRC-32C of all before
///             4  (padding)       before PostgreSQL 16
/// ```
///
/// Counterpart of relmap_redo(), src/backend/utils/cache/relmapper.c.
final class RelationMapRedo {

  /// RELMAPPER_FILEMAGIC
  private static final int MAGIC = 0x592717;

  private static final int MAPPINGS_AT = 8;
  private static final int MAPPING_BYTES = 8;

  private final DataFiles files;
  private final RelationPaths paths;
  private final RecoveryPoint recoveryPoint;

  RelationMapRedo(DataFiles files, RelationPaths paths, RecoveryPoint recoveryPoint) {
    this.files = files;
    this.paths = paths;
    this.recoveryPoint = recoveryPoint;
  }

  void redo(RelMapRecord record) throws IOException {
    switch (record) {
      case RelMapRecord.Update update -> update(update);
    }
  }

  private void update(RelMapRecord.Update record) throws IOException {
    ByteBuffer map = map(record);
    recoveryPoint.require(record.record().endLsn());
    Path directory = paths.database(record.tsid(), record.dbid());
    // It may have gone with its database already, which is dropped further on.
    files.createDirectory(directory);
    Path file = directory.resolve("pg_filenode.map");
    if (paths.format().relationMapsAreReplaced()) {
      files.replace(file, map);
    } else {
      overwrite(file, map);
    }
  }

  private void overwrite(Path file, ByteBuffer map) throws IOException {
    try (DataFile open = files.openOrCreate(file)) {
      open.write(map, 0);
    }
    files.force(file);
  }

  private ByteBuffer map(RelMapRecord.Update record) throws RedoException {
    WalFormat format = paths.format();
    int length = format.relationMapLength();
    if (record.nbytes() != length) {
      throw RedoException.ofRecord(
          record.record(), "wrong size %d in relmap update record".formatted(record.nbytes()));
    }
    byte[] content = new byte[length];
    record.record().main().copy(record.dataAt(), content, 0, length);
    ByteBuffer map = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int mappings = map.getInt(Integer.BYTES);
    if (mappings < 0 || mappings > format.relationMappings()) {
      throw RedoException.ofRecord(
          record.record(), "attempt to write bogus relation mapping: %d".formatted(mappings));
    }
    map.putInt(0, MAGIC);
    int crcAt = MAPPINGS_AT + format.relationMappings() * MAPPING_BYTES;
    var crc = new CRC32C();
    crc.update(content, 0, crcAt);
    map.putInt(crcAt, (int) crc.getValue());
    return map;
  }
}
