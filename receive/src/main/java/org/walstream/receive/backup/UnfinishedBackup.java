package org.walstream.receive.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.walstream.file.FileLayer;

/// The mark of a directory into which a base backup is being taken, or was when somebody pulled the
/// plug: everything in it, and in the tablespaces' directories that it names, is that backup's and
/// may go. It is there before anything else, and goes when there is a data directory.
///
/// ```
/// walstream.unfinished    a tablespace's directory, one a line
/// ```
public final class UnfinishedBackup {

  static final String FILE_NAME = "walstream.unfinished";

  private static final Path CONTROL_FILE = Path.of("global", "pg_control");

  private UnfinishedBackup() {}

  /// Whether the directory has been left so.
  public static boolean isThere(Path directory) {
    return Files.exists(directory.resolve(FILE_NAME))
        && !Files.exists(directory.resolve(CONTROL_FILE));
  }

  /// Marks an empty directory, durably. At no moment is there a file in it but the mark.
  static void mark(FileLayer files, Path directory) throws IOException {
    files.create(directory.resolve(FILE_NAME)).close();
    files.forceDirectory(directory);
  }

  /// Names a tablespace's directory, durably: it is empty or absent.
  static void note(FileLayer files, Path directory, Path tablespace) throws IOException {
    Path mark = directory.resolve(FILE_NAME);
    String named = Files.readString(mark) + tablespace.toAbsolutePath().normalize() + "\n";
    files.replace(mark, ByteBuffer.wrap(named.getBytes(UTF_8)));
  }

  /// Takes the mark away, durably.
  static void unmark(FileLayer files, Path directory) throws IOException {
    files.delete(directory.resolve(FILE_NAME));
    files.forceDirectory(directory);
  }

  /// Removes all that an unfinished backup has left.
  ///
  /// @param keep names in the directory that are not the backup's
  public static void remove(FileLayer files, Path directory, Set<String> keep) throws IOException {
    for (String tablespace : Files.readAllLines(directory.resolve(FILE_NAME))) {
      removeContent(files, Path.of(tablespace), Set.of());
    }
    var kept = new HashSet<>(keep);
    kept.add(FILE_NAME);
    removeContent(files, directory, kept);
    files.forceDirectory(directory);
    unmark(files, directory); // last: until then it says whose the rest is
  }

  private static void removeContent(FileLayer files, Path directory, Set<String> keep)
      throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    for (String name : files.list(directory)) {
      Path path = directory.resolve(name);
      if (!keep.contains(name)) {
        removeContent(files, path, Set.of());
        files.delete(path);
      }
    }
  }
}
