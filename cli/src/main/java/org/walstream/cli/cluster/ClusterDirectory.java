package org.walstream.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.CommandFailure;
import org.walstream.cli.line.UsageException;
import org.walstream.file.FileLayer;
import org.walstream.node.config.ConfigurationException;
import org.walstream.redo.recovery.RecoveryControlFile;

/// The data directory that a command works in.
public final class ClusterDirectory {

  private ClusterDirectory() {}

  /// @param given by the command line; null for that of the environment
  /// @throws UsageException when neither has one
  public static Path of(@Nullable Path given) {
    if (given != null) {
      return given;
    }
    String fromEnvironment = System.getenv("PGDATA");
    if (fromEnvironment == null || fromEnvironment.isEmpty()) {
      throw new UsageException("no data directory specified");
    }
    return Path.of(fromEnvironment);
  }

  /// @throws CommandFailure when it is no data directory
  public static void require(Path data) throws CommandFailure {
    if (!Files.isRegularFile(data.resolve(RecoveryControlFile.PATH))) {
      throw new CommandFailure(
          "\"%s\" is not a database cluster directory".formatted(data),
          "There is no file \"%s\" in it.".formatted(RecoveryControlFile.PATH));
    }
  }

  /// Files are as the server makes them in this directory.
  public static FileLayer layer(Path data) throws IOException {
    return hasGroupAccess(data) ? FileLayer.systemWithGroupAccess() : FileLayer.system();
  }

  /// The same, and forced as the server would force them.
  public static FileLayer layer(Path data, ClusterSettings settings)
      throws IOException, ConfigurationException {
    return settings.isOn("fsync", true)
        ? layer(data)
        : FileLayer.systemUnforced(hasGroupAccess(data));
  }

  private static boolean hasGroupAccess(Path data) throws IOException {
    return Files.getPosixFilePermissions(data).contains(PosixFilePermission.GROUP_READ);
  }

  /// What to warn of when a server could not open the files made here; null when it could.
  ///
  /// @param made a file that this process has made
  public static @Nullable String foreignOwner(Path data, Path made) throws IOException {
    UserPrincipal owner = Files.getOwner(data);
    UserPrincipal maker = Files.getOwner(made);
    return owner.equals(maker)
        ? null
        : "new files will belong to \"%s\", but the data directory belongs to \"%s\""
            .formatted(maker.getName(), owner.getName());
  }
}
