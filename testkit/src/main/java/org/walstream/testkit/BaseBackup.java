package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/// A base backup of a running server without pg_basebackup, which the embedded binaries lack: the
/// files are copied from disk between pg_backup_start and pg_backup_stop.
///
/// As a base backup should, it holds no WAL: the standby fetches all of it from its upstream.
final class BaseBackup extends SimpleFileVisitor<Path> {

  /// Directories whose contents a backup leaves out (the manual, "Making a Base Backup Using the
  /// Low Level API").
  private static final Set<String> EMPTY_DIRECTORIES =
      Set.of(
          "pg_wal",
          "pg_replslot",
          "pg_dynshmem",
          "pg_notify",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans",
          "pgsql_tmp");

  private static final Set<String> LEFT_OUT =
      Set.of(
          "postmaster.pid",
          "postmaster.opts",
          "pg_internal.init",
          "standby.signal",
          "recovery.signal",
          "backup_label");

  private final Path from;
  private final Path to;

  private BaseBackup(Path from, Path to) {
    this.from = from;
    this.to = to;
  }

  /// Makes `dataDirectory`, whose parent exists.
  static void take(PostgresServer primary, Path dataDirectory) {
    try (var connection = primary.jdbc();
        var statement = connection.createStatement()) {
      statement.execute("SELECT pg_backup_start('testkit', true)");
      copy(primary.dataDirectory(), dataDirectory);
      Files.writeString(dataDirectory.resolve("backup_label"), stop(connection));
      ServerUser.current().own(dataDirectory.resolve("backup_label"));
    } catch (SQLException e) {
      throw new IllegalStateException("could not take a base backup of " + primary, e);
    } catch (IOException e) {
      throw new UncheckedIOException("could not copy " + primary.dataDirectory(), e);
    }
  }

  private static String stop(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  /// The control file goes last: it must be no older than any other file.
  private static void copy(Path from, Path to) throws IOException {
    var control = "global/pg_control";
    Files.walkFileTree(from, new BaseBackup(from, to));
    Files.copy(
        from.resolve(control),
        to.resolve(control),
        StandardCopyOption.COPY_ATTRIBUTES,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
      throws IOException {
    copyOne(directory);
    if (EMPTY_DIRECTORIES.contains(name(directory))) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    if (!LEFT_OUT.contains(name(file))) {
      copyOne(file);
    }
    return FileVisitResult.CONTINUE;
  }

  /// A running server deletes files under our feet; WAL knows of it.
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
    if (failure instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw failure;
  }

  private void copyOne(Path path) throws IOException {
    try {
      Files.copy(
          path,
          to.resolve(from.relativize(path)),
          StandardCopyOption.COPY_ATTRIBUTES,
          LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      // deleted since it was listed
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
