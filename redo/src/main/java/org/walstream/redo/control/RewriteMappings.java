package org.walstream.redo.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.walstream.redo.RedoException;
import org.walstream.redo.storage.DataFile;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Heap2Record.Rewrite;

/// Where the rows of a catalog have gone that was written anew, for those who decode WAL from
/// before: files that grow by a piece with each record.
///
/// ```
/// pg_logical/mappings/map-5-4e4-0_14C9A48-2f1-2f3
///                         │ │   │         │   └ transaction that wrote the catalog anew
///                         │ │   │         └ transaction whose rows these are
///                         │ │   └ where in WAL that began
///                         │ └ catalog, 0 if shared
///                         └ database
/// ```
///
/// Counterpart of heap_xlog_logical_rewrite() and CheckPointLogicalRewriteHeap(),
/// src/backend/access/heap/rewriteheap.c.
final class RewriteMappings {

  // 3 and 4: the two halves of the LSN.
  private static final Pattern NAME =
      Pattern.compile(
          "map-([0-9a-f]{1,8})-([0-9a-f]{1,8})-([0-9A-F]{1,8})_([0-9A-F]{1,8})"
              + "-([0-9a-f]{1,8})-([0-9a-f]{1,8})");

  private final DataFiles files;
  private final Path directory;
  private final ReplicationSlotFiles slots;

  RewriteMappings(DataFiles files, Path dataDirectory, ReplicationSlotFiles slots) {
    this.files = files;
    this.directory = dataDirectory.resolve("pg_logical/mappings");
    this.slots = slots;
  }

  void redo(Rewrite record) throws IOException {
    DecodedXLogRecord decoded = record.record();
    int length = record.numMappings() * Rewrite.MAPPING_LENGTH;
    byte[] mappings = new byte[length];
    decoded.main().copy(record.mappingsAt(), mappings, 0, length);
    Path path = directory.resolve(name(record));
    if (record.offset() < 0) {
      throw RedoException.ofRecord(
          decoded,
          "could not truncate file \"%s\" to %d: Invalid argument"
              .formatted(path, record.offset()));
    }
    try (DataFile file = files.openOrCreate(path)) {
      // What is behind has been written by a replay before this one.
      if (file.size() > record.offset()) {
        file.truncate(record.offset());
      }
      file.write(ByteBuffer.wrap(mappings), record.offset());
    }
  }

  private static String name(Rewrite record) {
    return "map-%x-%x-%X_%X-%x-%x"
        .formatted(
            record.mappedDb(),
            record.mappedRel(),
            (int) (record.startLsn() >>> 32),
            (int) record.startLsn(),
            record.mappedXid(),
            record.record().xid());
  }

  /// Removes the files that nobody will decode with: no slot is as old as they are.
  ///
  /// @param redoLsn the redo point of the checkpoint being made: no new slot begins before it
  void removeObsolete(long redoLsn) throws IOException {
    long restartLsn = slots.logicalRestartLsn();
    for (String name : files.list(directory)) {
      Matcher parts = NAME.matcher(name);
      if (parts.matches()) {
        long lsn = (half(parts.group(3)) << 32) | half(parts.group(4));
        if (restartLsn == 0 || Lsn.isBefore(lsn, Lsn.min(restartLsn, redoLsn))) {
          files.remove(directory.resolve(name));
        }
      }
    }
  }

  private static long half(String hex) {
    return Long.parseLong(hex, 16);
  }
}
