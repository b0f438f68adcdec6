package org.walstream.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// The modes of new files and directories, where the file system has such a thing.
public final class FileModes {

  private FileModes() {}

  /// @param mode such as `rw-------`
  public static FileAttribute<?>[] of(Path path, String mode) {
    return known(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  /// Gives the existing `path` this mode.
  static void set(Path path, String mode) throws IOException {
    if (known(path)) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    } else {
      path.getFileSystem().provider().checkAccess(path);
    }
  }

  private static boolean known(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
