package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// A directory that lives as long as whoever made it, on a disk and not in memory, and which every
/// user may enter: for servers that run as another user, and for the directories of our own
/// programs beside them.
///
/// It is `servers/NAME-PID-N` in the cache, PID being the process that made it. A process that was
/// killed leaves such directories, and servers running in them: the next one finds them here, stops
/// the servers and deletes what they left.
public final class ScratchDirectory implements AutoCloseable {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Path path;

  private ScratchDirectory(Path path) {
    this.path = path;
  }

  /// An empty directory; `name` (without a `-`) tells people what it is for.
  public static ScratchDirectory create(String name) {
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
    return new ScratchDirectory(path);
  }

  public Path path() {
    return path;
  }

  /// Deletes the directory and everything in it.
  @Override
  public void close() {
    FileTree.delete(path);
  }

  private static void sweep(Path parent) {
    try (var directories = Files.newDirectoryStream(parent, "*-*-*")) {
      for (var directory : directories) {
        if (makerIsGone(directory)) {
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
    return ProcessHandle.of(Long.parseLong(parts[1])).isEmpty();
  }
}
