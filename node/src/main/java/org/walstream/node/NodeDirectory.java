package org.walstream.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;
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
  /// directory is used, anything else is left alone. Durable on return.
  ///
  /// @param settings lines to append to `walstream.conf`
  /// @throws IOException if the directory exists and is not empty
  public void create(List<String> settings) throws IOException {
    create(FileLayer.system(), settings);
  }

  void create(FileLayer files, List<String> settings) throws IOException {
    List<Path> changed = makeDirectory(files);
    files.createDirectory(walDirectory());
    files.createDirectory(slotsDirectory());
    write(files, hbaFile(), HBA);
    write(files, identFile(), IDENT);
    write(files, usersFile(), USERS);
    var configuration = new StringBuilder(SampleFile.text());
    if (!settings.isEmpty()) {
      configuration.append("\n# Given to walstream init\n");
      settings.forEach(line -> configuration.append(line).append('\n'));
    }
    write(files, configurationFile(), configuration.toString());
    files.forceDirectory(path);
    for (Path directory : changed) {
      files.forceDirectory(directory);
    }
  }

  /// @return the directories above it, from the nearest on, that have got a new name in them
  private List<Path> makeDirectory(FileLayer files) throws IOException {
    if (Files.isDirectory(path)) {
      if (!files.list(path).isEmpty()) {
        throw new IOException("directory \"" + path + "\" exists but is not empty");
      }
      files.restrictDirectory(path);
      return List.of();
    }
    var changed = new ArrayList<Path>();
    Path above = path.toAbsolutePath().getParent();
    while (above != null) {
      changed.add(above);
      above = Files.exists(above) ? null : above.getParent();
    }
    Files.createDirectories(changed.getFirst()); // those above it are anybody's
    files.createDirectory(path);
    return changed;
  }

  /// @throws IOException if this is not the directory of a node, saying what is missing
  public void requireNode() throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    if (!Files.isDirectory(path)) {
      throw new NotDirectoryException(path.toString());
    }
    if (!Files.isExecutable(path)) {
      throw new AccessDeniedException(path.toString());
    }
    if (!Files.exists(configurationFile())) {
      throw new IOException(
          "directory \""
              + path
              + "\" is not a node: file \"walstream.conf\" does not exist (walstream init makes"
              + " one)");
    }
  }

  private static void write(FileLayer files, Path path, String text) throws IOException {
    try (OpenFile file = files.create(path)) {
      file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
      file.force();
    }
  }
}
