package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/// A directory that lives as long as whoever made it, on a disk and not in memory, and which every
/// user may enter: for servers that run as another user, and for the directories of our own
/// programs beside them.
///
/// It is `servers/NAME-PID-N` in the cache, PID being the process that made it. A process that was
/// killed leaves such directories, and servers running in them: the next one finds them here, stops
/// the servers and deletes what they left. What is kept on purpose holds a file `kept`, and is
/// deleted after a week.
public final class ScratchDirectory implements AutoCloseable {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final String KEPT = "kept";
  private static final Duration KEPT_FOR = Duration.ofDays(7);

  private final Path path;
  private final Thread deleteAtExit = new Thread(this::deleteQuietly);
  private volatile boolean isKept;

  private ScratchDirectory(Path path) {
    this.path = path;
  }

  /// An empty directory; `name` (without a `-`) tells people what it is for.
  public static ScratchDirectory create(String name) {
    var scratch = new ScratchDirectory(make(name));
    AtExit.run(scratch.deleteAtExit);
    return scratch;
  }

  /// Only the directory: the caller sees to its end.
  static Path make(String name) {
    var parent = CacheDirectory.directory("servers");
    var number = COUNT.incrementAndGet();
    if (number == 1) {
      sweep(parent);
    }
    var path = parent.resolve("%s-%d-%d".formatted(name, ProcessHandle.current().pid(), number));
    FileTree.delete(path); // of an earlier process of the same number
    try {
      FileTree.openToAll(Files.createDirectory(path));
    } catch (IOException e) {
      throw new UncheckedIOException("could not create directory \"" + path + "\"", e);
    }
    return path;
  }

  public Path path() {
    return path;
  }

  /// Leaves the directory to whoever wants to look at it.
  public void keep() {
    isKept = true;
    keep(path);
  }

  /// Deletes the directory and everything in it, unless it is to be kept.
  @Override
  public void close() {
    AtExit.forget(deleteAtExit);
    if (!isKept) {
      FileTree.delete(path);
    }
  }

  /// At exit, programs that are being killed may still write: what is left goes with the next
  /// sweep.
  private void deleteQuietly() {
    try {
      close();
    } catch (UncheckedIOException e) {
      // as said
    }
  }

  static void keep(Path directory) {
    try {
      Files.write(directory.resolve(KEPT), new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write to \"" + directory + "\"", e);
    }
  }

  private static void sweep(Path parent) {
    try (var directories = Files.newDirectoryStream(parent, "*-*-*")) {
      for (var directory : directories) {
        if (makerIsGone(directory) && !isKept(directory)) {
          Postmaster.find(directory.resolve(ServerHome.DATA)).ifPresent(Postmaster::kill);
          FileTree.delete(directory);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not read directory \"" + parent + "\"", e);
    }
  }

  private static boolean makerIsGone(Path directory) {
    var parts = String.valueOf(directory.getFileName()).split("-", -1);
    return ProcessHandle.of(Long.parseLong(parts[parts.length - 2])).isEmpty();
  }

  private static boolean isKept(Path directory) throws IOException {
    var kept = directory.resolve(KEPT);
    return Files.exists(kept)
        && Files.getLastModifiedTime(kept).toInstant().plus(KEPT_FOR).isAfter(Instant.now());
  }
}
