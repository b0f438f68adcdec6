package org.walstream.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.walstream.node.config.SampleFile;

/// The directory of a node, and where everything in it is.
///
/// ```
/// NODE/
///   walstream.conf        settings
///   pg_hba.conf           who may connect, and how they prove it
///   pg_ident.conf         whom the system or a certificate knows by another name
///   users                 names, password secrets and attributes
///   authentication_nonce  random, made at the first start, told to nobody
///   wal/                  the WAL store
///   slots/NAME/           replication slots
///   walstream.pid         locked while the node runs
/// ```
public record NodeDirectory(Path path) {

  private static final String HBA =
      """
      # Who may connect to this node: PostgreSQL's pg_hba.conf. The first line that matches decides.
      # "replication" in the DATABASE column is a keyword: it matches standbys and receivers, "all" does not.
      #
      # "hostssl" is for TLS only (ssl = on); METHOD "cert" goes by the client's certificate, "peer" by the system's user.
      #
      # TYPE  DATABASE     USER  ADDRESS       METHOD
      local   all          all                 trust
      local   replication  all                 trust
      host    all          all   127.0.0.1/32  scram-sha-256
      host    all          all   ::1/128       scram-sha-256
      host    replication  all   127.0.0.1/32  scram-sha-256
      host    replication  all   ::1/128       scram-sha-256
      """;

  private static final String IDENT =
      """
      # Whom the operating system (peer) or a certificate (cert) knows by another name: PostgreSQL's pg_ident.conf.
      # A rule of pg_hba.conf uses a map by its option map=MAPNAME.
      #
      # MAPNAME  SYSTEM-USERNAME  DATABASE-USERNAME
      """;

  private static final String USERS =
      """
      # The users of this node, one a line: "name" "secret" [attribute ...] [valid until 'time'].
      # Attributes: replication, monitor (pg_monitor), signal (pg_signal_backend), superuser (all of them).
      # `walstream passwd` adds and changes them.
      """;

  public Path configurationFile() {
    return path.resolve("walstream.conf");
  }

  public Path hbaFile() {
    return path.resolve("pg_hba.conf");
  }

  public Path identFile() {
    return path.resolve("pg_ident.conf");
  }

  public Path usersFile() {
    return path.resolve("users");
  }

  public Path walDirectory() {
    return path.resolve("wal");
  }

  public Path slotsDirectory() {
    return path.resolve("slots");
  }

  public Path authenticationNonceFile() {
    return path.resolve("authentication_nonce");
  }

  /// Space kept aside for slots; see `SpaceReserve`.
  Path spaceReserveFile() {
    return path.resolve(".reserve");
  }

  public Path pidFile() {
    return path.resolve("walstream.pid");
  }

  /// Makes the directory and its files, as initdb makes a data directory: an existing empty
  /// directory is used, anything else is left alone.
  ///
  /// @param settings lines to append to `walstream.conf`
  /// @throws IOException if the directory exists and is not empty
  public void create(List<String> settings) throws IOException {
    Files.createDirectories(path);
    try (var entries = Files.list(path)) {
      if (entries.findAny().isPresent()) {
        throw new IOException("directory \"" + path + "\" exists but is not empty");
      }
    }
    restrict(path, "rwx------");
    Files.createDirectory(walDirectory());
    Files.createDirectory(slotsDirectory());
    write(hbaFile(), HBA);
    write(identFile(), IDENT);
    write(usersFile(), USERS);
    var configuration = new StringBuilder(SampleFile.text());
    if (!settings.isEmpty()) {
      configuration.append("\n# Given to walstream init\n");
      settings.forEach(line -> configuration.append(line).append('\n'));
    }
    write(configurationFile(), configuration.toString());
  }

  /// @throws IOException if this is not the directory of a node, saying what is missing
  public void requireNode() throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    if (!Files.isDirectory(path)) {
      throw new NotDirectoryException(path.toString());
    }
    if (!Files.exists(configurationFile())) {
      throw new IOException(
          "directory \""
              + path
              + "\" is not a node: file \"walstream.conf\" does not exist (walstream init makes"
              + " one)");
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
    restrict(file, "rw-------");
  }

  private static void restrict(Path file, String permissions) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
      Files.setPosixFilePermissions(file, set);
    }
  }
}
