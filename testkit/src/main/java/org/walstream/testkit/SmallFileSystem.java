package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A real file system of a few megabytes, in memory, mounted for as long as a test needs it: what
/// runs out of space there runs out of it as on any disk.
///
/// Only root may mount one, and not in every container.
public final class SmallFileSystem implements AutoCloseable {

  /// What a test without one says.
  public static final String MISSING = "a tmpfs cannot be mounted here (only root can)";

  private final ScratchDirectory scratch;
  private final Path path;

  private SmallFileSystem(ScratchDirectory scratch, Path path) {
    this.scratch = scratch;
    this.path = path;
  }

  /// Empty where the machine does not let us; a test that wants one says so by name.
  public static Optional<SmallFileSystem> ofMegabytes(int megabytes) throws IOException {
    var scratch = ScratchDirectory.create("disk");
    Path path = Files.createDirectory(scratch.path().resolve("mnt"));
    if (run("mount", "-t", "tmpfs", "-o", "size=%dm".formatted(megabytes), "walstream", path)) {
      return Optional.of(new SmallFileSystem(scratch, path));
    }
    scratch.close();
    return Optional.empty();
  }

  public Path path() {
    return path;
  }

  private static boolean run(Object... command) {
    try {
      Process process =
          new ProcessBuilder(Arrays.stream(command).map(Object::toString).toList())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Takes it away with all that is in it.
  @Override
  public void close() {
    if (!run("umount", path)) {
      throw new UncheckedIOException(
          new IOException("could not unmount \"%s\": is somebody using it?".formatted(path)));
    }
    scratch.close();
  }
}
