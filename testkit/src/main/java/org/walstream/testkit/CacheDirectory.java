package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where unpacked servers, initialised templates and downloaded tools live, shared by all builds of
/// one user on one machine:
///
/// ```
/// postgres/18/bin ...      unpacked server binaries
/// templates/18-...         initialised data directories, copied for each server
/// tools/18/bin ...         client tools, put there by scripts/postgres-tools
/// servers/pg-PID-N         directories of running servers, PID being the process that runs them
/// ports/N.lock             ports taken by a test of this user
/// ```
///
/// `$WALSTREAM_CACHE` if set; else `~/.cache/walstream`; for root `/var/tmp/walstream`, because
/// PostgreSQL then runs as another user, who may not look into /root. The script
/// `scripts/postgres-tools` follows the same rule.
final class CacheDirectory {

  private CacheDirectory() {}

  static Path root() {
    var configured = System.getenv("WALSTREAM_CACHE");
    Path root;
    if (configured != null && !configured.isEmpty()) {
      root = Path.of(configured).toAbsolutePath();
    } else if (ServerUser.runningAsRoot()) {
      root = Path.of("/var/tmp/walstream");
    } else {
      root = Path.of(System.getProperty("user.home"), ".cache", "walstream");
    }
    return requireOurs(create(root));
  }

  static Path directory(String name) {
    return create(root().resolve(name));
  }

  private static Path create(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("could not create directory \"" + directory + "\"", e);
    }
  }

  /// /var/tmp belongs to everybody: binaries found in somebody else's folder are not run.
  private static Path requireOurs(Path root) {
    try {
      var owner = Files.getOwner(root).getName();
      if (!owner.equals(System.getProperty("user.name"))) {
        throw new IllegalStateException(
            "cache directory \"%s\" belongs to user \"%s\": set WALSTREAM_CACHE to one of your own"
                .formatted(root, owner));
      }
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException("could not stat directory \"" + root + "\"", e);
    }
  }
}
