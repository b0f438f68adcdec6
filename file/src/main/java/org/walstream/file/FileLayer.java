package org.walstream.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Everything a writer asks of a file system, in the words in which durability is spelled: open,
/// force, rename, force the directory.
///
/// [#system] is the real one. Tests decorate it, in any module: delegate each call, and record it
/// (no position may be reported flushed before the `force` that covers it has returned) or throw
/// instead (a crash or a full disk at exactly this step).
public interface FileLayer {

  /// The real file system. New files are readable by their owner alone, as PostgreSQL's are.
  static FileLayer system() {
    return new SystemFileLayer(false, true);
  }

  /// The real file system for a cluster with group access: new files may be read by the group.
  static FileLayer systemWithGroupAccess() {
    return new SystemFileLayer(true, true);
  }

  /// The real file system, of which nothing is forced: for a cluster with `fsync = off`, which has
  /// nothing to lose when the machine crashes.
  static FileLayer systemUnforced(boolean groupAccess) {
    return new SystemFileLayer(groupAccess, false);
  }

  /// `files`, but whole blocks that are written go to the disk past the kernel's cache (O_DIRECT);
  /// for files in `directory` and in whatever is on the same file system.
  ///
  /// @throws IOException if that file system has no direct I/O
  static FileLayer direct(FileLayer files, Path directory) throws IOException {
    return DirectFiles.over(files, directory);
  }

  /// Makes `path` and opens it for reading and writing.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException if there is such a file
  /// @throws NoSpaceException if the file system has no room for another file
  OpenFile create(Path path) throws IOException;

  /// Opens the existing `path` for reading and writing. Only a regular file is one: to open a fifo
  /// would wait for somebody at its other end.
  ///
  /// @throws java.nio.file.NoSuchFileException if there is none
  /// @throws java.nio.file.FileSystemException if it is anything but a regular file
  OpenFile open(Path path) throws IOException;

  /// Opens the existing `path` for reading; otherwise like [#open].
  OpenFile openForReading(Path path) throws IOException;

  /// Gives the file at `path` its full size with storage behind every byte, so that no later write
  /// below `bytes` can find the disk full. Bytes never written read as zeros.
  ///
  /// @throws NoSpaceException if the file system has no room (or no quota) left
  void reserve(Path path, long bytes) throws IOException;

  /// Renames within a file system, replacing `target` if it exists, atomically for readers; durable
  /// once [#forceDirectory] has returned.
  void rename(Path source, Path target) throws IOException;

  /// Removes `path`; no error if there is none.
  void delete(Path path) throws IOException;

  /// Makes a directory, with its parents, unless it exists.
  void createDirectory(Path directory) throws IOException;

  /// Makes `link`, which nothing is called yet, lead to `target`.
  void createSymbolicLink(Path link, Path target) throws IOException;

  /// Gives the existing `directory` the mode that [#createDirectory] gives new ones.
  ///
  /// @throws java.nio.file.NoSuchFileException if there is none
  void restrictDirectory(Path directory) throws IOException;

  /// Returns once the names in `directory` are on durable storage.
  void forceDirectory(Path directory) throws IOException;

  boolean exists(Path path);

  /// True when `path` is a directory.
  default boolean isDirectory(Path path) {
    return Files.isDirectory(path);
  }

  /// Takes `directory` for this process until the result is closed.
  ///
  /// @param fileName the lock file in it
  /// @param contents what is kept there, for messages
  /// @throws DirectoryInUseException if another process, or somebody else in this one, has it
  default Closeable lockDirectory(Path directory, String fileName, String contents)
      throws IOException {
    return DirectoryLock.acquire(directory, fileName, contents);
  }

  /// The size of whatever has that name, without opening it: who may not read a file may still look
  /// at its size.
  ///
  /// @throws java.nio.file.NoSuchFileException if there is none
  long size(Path path) throws IOException;

  /// Puts `content` in the place of `file`, or makes it: whatever moment a crash picks, the file is
  /// there with its old or its new content. Durable on return.
  default void replace(Path file, ByteBuffer content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    delete(temporary);
    try (OpenFile out = create(temporary)) {
      out.write(content, 0);
      out.force();
    }
    rename(temporary, file);
    forceDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent()));
  }

  /// The names of all files in `directory`, sorted.
  List<String> list(Path directory) throws IOException;
}
