package org.walstream.standby.supply;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.walstream.store.WalRemovedException;
import org.walstream.store.backfill.OlderWal;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;

/// WAL that only the archive has any more, for those who are sent it: fetched by `restore_command`,
/// which may run beside the one that fetches for replay. Any thread.
public final class ArchivedWal implements OlderWal {

  private static final int CHUNK_BYTES = 1 << 20;

  /// Recovery may begin with any segment, as far as these commands are told.
  private static final String NO_SEGMENT = "0".repeat(24);

  private final Supplier<String> command;
  private final Path dataDirectory;
  private final AtomicInteger number = new AtomicInteger();
  private final Set<RestoreCommand> running = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  /// @param command `restore_command`, from now on
  public ArchivedWal(Supplier<String> command, Path dataDirectory) {
    this.command = command;
    this.dataDirectory = dataDirectory;
  }

  @Override
  public void fetch(long systemIdentifier, WalSegmentName segment, Sink sink) throws IOException {
    Path file = restore(segment.fileName());
    try (var channel = FileChannel.open(file)) {
      var chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
      long lsn = segment.startLsn();
      for (int read = channel.read(chunk); read > 0; read = channel.read(chunk.clear())) {
        sink.append(lsn, chunk.flip());
        lsn += read;
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public byte[] history(long systemIdentifier, TimelineId timeline) throws IOException {
    Path file = restore(timeline.historyFileName());
    try {
      return Files.readAllBytes(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /// Called as a segment that is being made: what a crash leaves of it is cleared away.
  private Path restore(String name) throws IOException {
    String into =
        "pg_wal/xlogtemp.%d.archive.%d"
            .formatted(ProcessHandle.current().pid(), number.incrementAndGet());
    var restore = new RestoreCommand(command, dataDirectory);
    running.add(restore);
    try {
      if (stopped || !restore.restore(name, into, NO_SEGMENT)) {
        throw new WalRemovedException(name);
      }
    } finally {
      running.remove(restore);
    }
    return dataDirectory.resolve(into);
  }

  @Override
  public void stop() {
    stopped = true;
    running.forEach(RestoreCommand::stop);
  }
}
