package org.walstream.wire.conninfo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Who else may get at a file that holds a private key, or what passwords are proven with. One that
/// belongs to root may be readable by a group, as distributions keep the keys of several programs.
///
/// Counterpart of check_ssl_key_file_permissions(), src/backend/libpq/be-secure-common.c, and of
/// the same in fe-secure-openssl.c.
public enum SecretFile {
  SOUND,
  MISSING,
  NOT_A_FILE,
  /// It belongs to somebody who is neither root nor the user of this process.
  SOMEBODY_ELSES,
  /// Others may read it, or write to it.
  EXPOSED;

  private static final int GROUP_READ = 0040;
  private static final int OTHERS = 0077;
  private static final long ROOT = 0;

  /// @throws IOException if the system does not tell
  public static SecretFile check(Path file) throws IOException {
    if (!Files.exists(file)) {
      return MISSING;
    }
    if (!Files.isRegularFile(file)) {
      return NOT_A_FILE;
    }
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return SOUND; // there is nothing to ask
    }
    Map<String, Object> attributes = Files.readAttributes(file, "unix:uid,mode");
    long owner = ((Number) attributes.getOrDefault("uid", ROOT)).longValue();
    int mode = ((Number) attributes.getOrDefault("mode", OTHERS)).intValue();
    return check(owner, mode, LocalUser.ofProcess().id());
  }

  /// @param self the user of this process; -1 when the system does not tell
  static SecretFile check(long owner, int mode, long self) {
    if (owner != ROOT && self != -1 && owner != self) {
      return SOMEBODY_ELSES;
    }
    int forbidden = owner == ROOT ? OTHERS & ~GROUP_READ : OTHERS;
    return (mode & forbidden) == 0 ? SOUND : EXPOSED;
  }

  /// What is wrong with it, as a PostgreSQL server says it; empty when it is sound.
  ///
  /// @param what what the file is: `private key file`
  public Optional<String> complaint(String what, Path file) {
    String named = "%s \"%s\"".formatted(what, file);
    return switch (this) {
      case SOUND -> Optional.empty();
      case MISSING -> Optional.of("could not access " + named + ": No such file or directory");
      case NOT_A_FILE -> Optional.of(named + " is not a regular file");
      case SOMEBODY_ELSES -> Optional.of(named + " must be owned by the database user or root");
      case EXPOSED ->
          Optional.of(
              named
                  + " has group or world access: File must have permissions u=rw (0600) or less if"
                  + " owned by the database user, or permissions u=rw,g=r (0640) or less if owned"
                  + " by root.");
    };
  }
}
