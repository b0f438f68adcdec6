package org.walstream.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// `walstream.pid`: says which process runs a node, and keeps a second one out.
///
/// ```
/// line 1  process id
/// line 2  start time, seconds since 1970
/// line 3  port
/// ```
///
/// The lock on the file, not its text, is what keeps others out: the kernel drops it when the
/// process dies, however it dies. Counterpart of postmaster.pid, src/backend/utils/init/miscinit.c.
public final class PidFile implements AutoCloseable {

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private PidFile(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /// Takes the node's directory for this process.
  ///
  /// @throws IOException if another process holds it, naming that process
  public static PidFile lock(Path path, long port) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock = tryLock(channel);
    if (lock == null) {
      channel.close();
      String holder = Files.readString(path).lines().findFirst().orElse("unknown");
      throw new IOException(
          "lock file \"%s\" is held: is another node (PID %s) running in directory \"%s\"?"
              .formatted(path.getFileName(), holder, path.getParent()));
    }
    String text =
        "%d\n%d\n%d\n"
            .formatted(ProcessHandle.current().pid(), Instant.now().getEpochSecond(), port);
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
    } catch (IOException e) {
      channel.close(); // and the lock with it: a full disk is tried again
      throw e;
    }
    return new PidFile(path, channel, lock);
  }

  /// The process that runs the node of this pid file now; empty when none does, whatever the file
  /// says.
  public static OptionalLong runningProcess(Path path) throws IOException {
    if (!Files.exists(path)) {
      return OptionalLong.empty();
    }
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      FileLock free = tryLock(channel);
      if (free != null) {
        return OptionalLong.empty();
      }
    }
    String pid = Files.readString(path).lines().findFirst().orElse("");
    try {
      return OptionalLong.of(Long.parseLong(pid));
    } catch (NumberFormatException e) {
      throw new IOException(
          "invalid data in lock file \"" + path + "\": \"" + pid + "\" is not a process id", e);
    }
  }

  /// The port that the node of this pid file was started with.
  public static int port(Path path) throws IOException {
    try {
      return Integer.parseInt(Files.readAllLines(path).get(2).strip());
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new IOException("invalid data in lock file \"" + path + "\": no port", e);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
    lock.close();
    channel.close();
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }
}
