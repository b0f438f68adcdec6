package org.walstream.receive.backup;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;

/// Unpacks the archives of a base backup: the data directory's, and each tablespace's where the
/// link in `pg_tblspc` leads. `global/pg_control`, by which a data directory is known, gets its
/// name only when [#publish] is called: until then no server takes the directory for one.
///
/// Counterpart of bbstreamer_extractor_new(), src/bin/pg_basebackup/bbstreamer_file.c.
final class PlainBackup implements TarStream.Entries, Closeable {

  private static final String CONTROL_FILE = "global/pg_control";
  private static final String UNFINISHED = ".unfinished";

  private final FileLayer files;
  private final Path directory;
  private final UnaryOperator<String> mapping;
  private final Map<String, Path> locations = new HashMap<>();
  private final Map<String, BackupManifest.File> received = new LinkedHashMap<>();
  private final CRC32C crc = new CRC32C();

  /// Where the archive that comes now goes, and what is before its names in the manifest.
  private Path root;

  private String prefix = "";
  private @Nullable OpenFile open;
  private String openName = "";
  private long size;

  /// @param directory empty, or absent
  /// @param mapping where a tablespace goes, from where the server has it
  PlainBackup(FileLayer files, Path directory, UnaryOperator<String> mapping) {
    this.files = files;
    this.directory = directory;
    this.mapping = mapping;
    this.root = directory;
  }

  /// Takes the directory: what is in it from now on is the backup's ([UnfinishedBackup]).
  void begin() throws IOException {
    files.createDirectory(directory);
    files.restrictDirectory(directory);
    UnfinishedBackup.mark(files, directory);
  }

  /// Makes room for a tablespace, before its archive comes.
  ///
  /// @throws IOException when there is something already
  void expect(BackupTablespace tablespace) throws IOException {
    if (tablespace.isDataDirectory()) {
      return;
    }
    Path location = directory.resolve(mapping.apply(tablespace.location()));
    requireEmpty(location);
    UnfinishedBackup.note(files, directory, location);
    locations.put(tablespace.oid(), location);
  }

  private void requireEmpty(Path location) throws IOException {
    if (files.exists(location) && !files.list(location).isEmpty()) {
      throw new IOException("directory \"%s\" exists but is not empty".formatted(location));
    }
  }

  /// An archive begins.
  ///
  /// @param name `base.tar`, or a tablespace's OID in the place of `base`
  void archive(String name) throws IOException {
    String oid = name.endsWith(".tar") ? name.substring(0, name.length() - 4) : name;
    if (oid.equals("base")) {
      root = directory;
      prefix = "";
    } else {
      Path location = locations.get(oid);
      if (location == null) {
        throw new IOException("unexpected archive \"%s\" in the base backup".formatted(name));
      }
      root = location;
      prefix = "pg_tblspc/" + oid + "/";
    }
    files.createDirectory(root);
    files.restrictDirectory(root);
  }

  @Override
  public void directory(String name) throws IOException {
    files.createDirectory(path(name));
  }

  /// A tablespace's, whose target is the server's: it leads to where that tablespace goes.
  @Override
  public void symbolicLink(String name, String target) throws IOException {
    Path link = path(name);
    Path location = directory.resolve(mapping.apply(target));
    files.createDirectory(Objects.requireNonNull(link.getParent()));
    files.createSymbolicLink(link, location);
  }

  @Override
  public void file(String name, long length) throws IOException {
    Path file = path(name);
    files.createDirectory(Objects.requireNonNull(file.getParent()));
    openName = prefix + name;
    open = files.create(openName.equals(CONTROL_FILE) ? unfinished() : file);
    size = 0;
    crc.reset();
  }

  private Path path(String name) throws IOException {
    Path path = root.resolve(name).normalize();
    if (!path.startsWith(root.normalize()) || Path.of(name).isAbsolute()) {
      throw new IOException("base backup names a file outside its directory: \"" + name + "\"");
    }
    return path;
  }

  private Path unfinished() {
    return directory.resolve(CONTROL_FILE + UNFINISHED);
  }

  @Override
  public void data(ByteBuffer bytes) throws IOException {
    int start = bytes.position();
    int length = bytes.remaining();
    crc.update(bytes);
    Objects.requireNonNull(open).write(bytes.position(start), size);
    size += length;
  }

  @Override
  public void endFile() throws IOException {
    OpenFile file = Objects.requireNonNull(open);
    file.startWriting(0, size);
    file.close();
    open = null;
    received.put(openName, new BackupManifest.File(size, hex((int) crc.getValue())));
  }

  private static String hex(int checksum) {
    return HexFormat.of().toHexDigits(Integer.reverseBytes(checksum));
  }

  /// Proves what has come, makes it durable, and keeps the manifest. The directory is none that a
  /// server would take until it is published.
  ///
  /// @throws IOException when it is not what the manifest says
  void complete(byte[] manifest) throws IOException {
    BackupManifest.parse(manifest).require(received);
    try (OpenFile file = files.create(directory.resolve(BackupManifest.FILE_NAME))) {
      file.write(ByteBuffer.wrap(manifest), 0);
    }
    force(directory);
    for (Path location : locations.values()) {
      force(location);
    }
  }

  private void force(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (String name : files.list(path)) {
        force(path.resolve(name));
      }
      files.forceDirectory(path);
    } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      try (OpenFile file = files.open(path)) {
        file.force();
      }
    }
  }

  /// The directory is a data directory from now on, durably.
  void publish() throws IOException {
    files.rename(unfinished(), directory.resolve(CONTROL_FILE));
    files.forceDirectory(directory.resolve("global"));
    UnfinishedBackup.unmark(files, directory);
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
    }
  }
}
