package org.walstream.file;

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

/// One writer per directory (law 5). The lock is the kernel's, on an otherwise meaningless file in
/// it: a crash, of whatever kind, leaves nothing to clean up. The pid in the file is for people.
///
/// Kernel locks of this kind belong to the process, and *any* closing of the file in it lets go of
/// them. So directories locked by this process are also kept in a set, and a file whose lock is
/// held is never opened a second time.
public final class DirectoryLock implements Closeable {

  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /// Takes `path` for this process.
  ///
  /// @param fileName the lock file in it, made if there is none and left there
  /// @param contents what is kept there, for messages, such as `WAL`
  /// @throws DirectoryInUseException if another process, or somebody else in this one, has it
  public static DirectoryLock acquire(Path path, String fileName, String contents)
      throws IOException {
    Path directory = path.toRealPath();
    if (!HELD.add(directory)) {
      throw refused(contents, directory, "this process");
    }
    Path file = directory.resolve(fileName);
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, Set.of(CREATE, WRITE), FileModes.of(directory, "rw-------"));
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw refused(contents, directory, "process " + holder(file));
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

  private static DirectoryInUseException refused(String contents, Path directory, String holder) {
    return new DirectoryInUseException(
        "%s directory \"%s\" is in use by %s: only one writer may have it"
            .formatted(contents, directory, holder));
  }

  private static String holder(Path file) throws IOException {
    String pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
    return pid.isEmpty() ? "(unknown)" : pid;
  }
}
