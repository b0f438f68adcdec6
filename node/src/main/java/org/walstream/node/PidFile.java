package org.walstream.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileModes;

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

  private static final int MOST_TRIES = 20;
  private static final Duration PAUSE = Duration.ofMillis(10);

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
    for (int tries = 1; ; tries++) {
      PidFile file = tryLock(path, port);
      if (file != null) {
        return file;
      }
      if (tries == MOST_TRIES) {
        throw new IOException(
            "lock file \"%s\" is held: is another node (PID %s) running in directory \"%s\"?"
                .formatted(path.getFileName(), holder(path), path.getParent()));
      }
      pause();
    }
  }

  /// @return null if it is held, perhaps for a moment by who only looks, or went away meanwhile
  ///   with the node that held it
  private static @Nullable PidFile tryLock(Path path, long port) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            FileModes.of(path, "rw-------"));
    try {
      FileLock lock = tryLock(channel, false);
      if (lock != null) {
        String text =
            "%d\n%d\n%d\n"
                .formatted(ProcessHandle.current().pid(), Instant.now().getEpochSecond(), port);
        channel.truncate(0);
        boolean ours = hasSize(path, 0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
        if (ours && hasSize(path, text.length())) {
          return new PidFile(path, channel, lock);
        }
      }
    } catch (IOException e) {
      channel.close(); // and the lock with it: a full disk is tried again
      throw e;
    }
    channel.close();
    return null;
  }

  /// Whether what is locked is still what the name means. Not by reading it: to close a file lets
  /// go of all of the process's locks on it.
  private static boolean hasSize(Path path, long size) throws IOException {
    try {
      return Files.size(path) == size;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /// The process that runs the node of this pid file now; empty when none does, whatever the file
  /// says. Who looks keeps nobody else from looking, and nobody from starting.
  public static OptionalLong runningProcess(Path path) throws IOException {
    for (int tries = 1; ; tries++) {
      if (!isHeld(path)) {
        return OptionalLong.empty();
      }
      String holder = holder(path);
      if (holder.matches("[0-9]{1,18}")) {
        return OptionalLong.of(Long.parseLong(holder));
      }
      if (tries == MOST_TRIES) { // else it is just being written
        throw new IOException(
            "invalid data in lock file \"%s\": \"%s\" is not a process id".formatted(path, holder));
      }
      pause();
    }
  }

  private static boolean isHeld(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return tryLock(channel, true) == null;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static String holder(Path path) throws IOException {
    return text(path).lines().findFirst().orElse("");
  }

  /// Empty when there is no file.
  private static String text(Path path) throws IOException {
    try {
      return Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
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

  private static @Nullable FileLock tryLock(FileChannel channel, boolean shared)
      throws IOException {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, shared);
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }
}
