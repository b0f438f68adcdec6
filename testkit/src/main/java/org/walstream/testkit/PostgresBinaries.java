package org.walstream.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's server programs (`initdb`, `pg_ctl`, `postgres`; no client tools) of each major
/// version, which the build has put beside this class and which are unpacked once per machine.
public final class PostgresBinaries {

  /// The major versions that can be started, oldest first.
  public static final List<Integer> MAJORS = List.of(15, 16, 17, 18);

  private PostgresBinaries() {}

  /// The directory of version `major`'s programs; unpacks them first if nobody has yet.
  public static synchronized Path of(int major) {
    var home = CacheDirectory.directory("postgres").resolve(version(major));
    if (!Files.isExecutable(home.resolve("bin/postgres"))) {
      unpack(major, home);
    }
    return home.resolve("bin");
  }

  /// Several processes may unpack at once: each into a folder of its own, and the first to rename
  /// it wins.
  private static void unpack(int major, Path home) {
    try (var archive =
        Objects.requireNonNull(PostgresBinaries.class.getResourceAsStream(resourceName(major)))) {
      var unpacked =
          Files.createTempDirectory(CacheDirectory.directory("postgres"), major + ".tmp");
      TarReader.unpack(new XZInputStream(new BufferedInputStream(archive)), unpacked);
      FileTree.openToAll(unpacked);
      moveUnlessThere(unpacked, home);
    } catch (IOException e) {
      throw new UncheckedIOException("could not unpack PostgreSQL " + major + " to " + home, e);
    }
  }

  static void moveUnlessThere(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      FileTree.delete(from);
    }
  }

  /// A cache outlives a build: a newer archive of the same major gets a folder of its own, told by
  /// its size.
  private static String version(int major) {
    var resource = PostgresBinaries.class.getResource(resourceName(major));
    if (resource == null) {
      throw new IllegalStateException(
          "the build has put no PostgreSQL %d server for this platform here (%s), only %s"
              .formatted(major, resourceName(major), MAJORS));
    }
    try {
      var connection = resource.openConnection();
      connection.setUseCaches(false);
      try (var _ = connection.getInputStream()) {
        return major + "-" + connection.getContentLengthLong();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + resource, e);
    }
  }

  private static String resourceName(int major) {
    return "postgres/%d/%s".formatted(major, archiveName());
  }

  private static String archiveName() {
    var mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
    var arm = System.getProperty("os.arch").equals("aarch64");
    return "postgres-%s-%s.txz".formatted(mac ? "darwin" : "linux", arm ? "arm_64" : "x86_64");
  }
}
