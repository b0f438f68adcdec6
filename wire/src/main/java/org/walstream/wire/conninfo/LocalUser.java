package org.walstream.wire.conninfo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Who runs this process, as the passwd database knows it.
///
/// @param name empty when the database has no entry for `id`, as in a container that runs under an
///   arbitrary number
/// @param home the entry's directory
public record LocalUser(long id, Optional<String> name, Optional<Path> home) {

  /// What Java puts where the passwd database has nothing.
  private static final String UNKNOWN = "?";

  public static LocalUser ofProcess() {
    return new LocalUser(processUserId(), known("user.name"), known("user.home").map(Path::of));
  }

  private static Optional<String> known(String property) {
    return Optional.ofNullable(System.getProperty(property))
        .filter(value -> !value.equals(UNKNOWN));
  }

  /// Whose this process is, as the kernel has it; -1 where there is no such file to ask.
  private static long processUserId() {
    try {
      return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    } catch (IOException | UnsupportedOperationException e) {
      return -1;
    }
  }

  /// libpq's complaint when it needs the name.
  String missing() {
    return "local user with ID %d does not exist".formatted(id);
  }
}
