package org.walstream.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One writer per directory (law 5). The lock is the kernel's, on an otherwise meaningless file
/// whose name pg_receivewal passes over: a crash, of whatever kind, leaves nothing to clean up. The
/// pid in the file is for people.
///
/// Kernel locks of this kind belong to the process, and *any* closing of the file in it lets go of
/// them. So directories locked by this process are also kept in a set, and a file whose lock is
/// held is never opened a second time.
final class DirectoryLock implements Closeable {

  static final String FILE_NAME = "walstream.lock";

  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /// @throws WalStoreException if another process, or another store in this one, has the directory
  static DirectoryLock acquire(Path walDirectory) throws IOException {
    Path directory = walDirectory.toRealPath();
    if (!HELD.add(directory)) {
      throw refused(directory, "this process");
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(directory.resolve(FILE_NAME), CREATE, WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw refused(directory, "process " + holder(directory));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      return new DirectoryLock(directory, channel);
    } catch (IOException | RuntimeException e) {
      release(directory, channel);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    release(directory, channel);
  }

  private static void release(Path directory, @Nullable FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      HELD.remove(directory);
    }
  }

  private static WalStoreException refused(Path directory, String holder) {
    return new WalStoreException(
        "WAL directory \"%s\" is in use by %s: only one writer may have it"
            .formatted(directory, holder));
  }

  private static String holder(Path directory) throws IOException {
    String pid = Files.readString(directory.resolve(FILE_NAME), StandardCharsets.US_ASCII).strip();
    return pid.isEmpty() ? "(unknown)" : pid;
  }
}
