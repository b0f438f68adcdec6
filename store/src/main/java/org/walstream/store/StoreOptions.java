package org.walstream.store;

import org.walstream.file.FileLayer;
import org.walstream.store.compress.Compression;
import org.walstream.wal.machine.Machine;

/// How a [WalStore] keeps its directory. Start from [#DEFAULT] and change what differs.
///
/// @param files the file system, or a test's decoration of it
/// @param machine whose threads make WAL durable and segments ready
/// @param sync false leaves durability to the kernel (`--no-sync`): *flushed* then means written
/// @param synchronous true when somebody's COMMIT waits for *flushed*: segments are prepared with
///   really written zeros, which costs throughput and makes each fsync of a small tail faster
/// @param archiveStatus the markers to leave for an archiver
/// @param compression how segments are stored; compressed ones cannot be served by a [WalCursor]
/// @param spareSegmentsMax how many removed segments are kept as spare files for the WAL to come,
///   instead of being deleted
public record StoreOptions(
    FileLayer files,
    Machine machine,
    boolean sync,
    boolean synchronous,
    ArchiveStatus archiveStatus,
    Compression compression,
    int spareSegmentsMax) {

  public static final StoreOptions DEFAULT =
      new StoreOptions(
          FileLayer.system(), Machine.real(), true, false, ArchiveStatus.NONE, Compression.NONE, 0);

  public StoreOptions {
    if (spareSegmentsMax < 0) {
      throw new IllegalArgumentException("spareSegmentsMax must not be negative");
    }
  }

  public StoreOptions withFiles(FileLayer files) {
    return new StoreOptions(
        files, machine, sync, synchronous, archiveStatus, compression, spareSegmentsMax);
  }

  public StoreOptions withMachine(Machine machine) {
    return new StoreOptions(
        files, machine, sync, synchronous, archiveStatus, compression, spareSegmentsMax);
  }

  public StoreOptions withSync(boolean sync) {
    return new StoreOptions(
        files, machine, sync, synchronous, archiveStatus, compression, spareSegmentsMax);
  }

  public StoreOptions withSynchronous(boolean synchronous) {
    return new StoreOptions(
        files, machine, sync, synchronous, archiveStatus, compression, spareSegmentsMax);
  }

  public StoreOptions withArchiveStatus(ArchiveStatus archiveStatus) {
    return new StoreOptions(
        files, machine, sync, synchronous, archiveStatus, compression, spareSegmentsMax);
  }

  public StoreOptions withCompression(Compression compression) {
    return new StoreOptions(
        files, machine, sync, synchronous, archiveStatus, compression, spareSegmentsMax);
  }

  public StoreOptions withSpareSegmentsMax(int spareSegmentsMax) {
    return new StoreOptions(
        files, machine, sync, synchronous, archiveStatus, compression, spareSegmentsMax);
  }
}
