package org.walstream.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Files that nobody but their owner may read, as keys and users' secrets have to be.
public final class PrivateFile {

  private PrivateFile() {}

  /// Writes `text` to `file`.
  ///
  /// @return `file`
  public static Path write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return setMode(file, "rw-------");
  }

  /// @param mode such as `rw-r-----`
  /// @return `file`
  public static Path setMode(Path file, String mode) throws IOException {
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }
}
