package org.walstream.receive.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a base backup says that it has, with the size and the checksum of every file.
///
/// ```
/// { "PostgreSQL-Backup-Manifest-Version": 2,
///   "System-Identifier": 7577016837374542,           since 17
///   "Files": [
///   { "Path": "PG_VERSION", "Size": 3, "Last-Modified": "…", "Checksum-Algorithm": "CRC32C",
///     "Checksum": "64440205" }, …                    or "Encoded-Path", in hexadecimal digits
///   ],
///   "WAL-Ranges": [ … ],
///   "Manifest-Checksum": "…" }                       SHA-256 of all lines before this one
/// ```
///
/// Counterpart of src/common/parse_manifest.c; the manual, "Backup Manifest Format".
///
/// @param systemIdentifier whose it is; empty before 17
/// @param files by name, as in a data directory: `pg_tblspc/16385/…`
record BackupManifest(Optional<Long> systemIdentifier, Map<String, File> files) {

  static final String FILE_NAME = "backup_manifest";

  /// @param checksum of the content: CRC-32C, its bytes from the lowest on, in hexadecimal digits;
  ///   empty when there is none
  record File(long size, String checksum) {}

  /// @throws IOException when it is damaged, or of a kind that is not known
  static BackupManifest parse(byte[] bytes) throws IOException {
    if (!(Json.parse(new String(bytes, UTF_8)) instanceof Map<?, ?> manifest)) {
      throw new IOException("could not parse backup manifest: it is no object");
    }
    Object version = manifest.get("PostgreSQL-Backup-Manifest-Version");
    if (!Long.valueOf(1).equals(version) && !Long.valueOf(2).equals(version)) {
      throw new IOException("unexpected version of the backup manifest: " + version);
    }
    requireChecksum(bytes, text(manifest, "Manifest-Checksum"));
    var files = new LinkedHashMap<String, File>();
    for (Object element : manifest.get("Files") instanceof List<?> list ? list : List.of()) {
      if (element instanceof Map<?, ?> file) {
        files.put(path(file), file(file));
      }
    }
    return new BackupManifest(
        Optional.ofNullable(manifest.get("System-Identifier") instanceof Long id ? id : null),
        files);
  }

  private static void requireChecksum(byte[] bytes, String said) throws IOException {
    int end = bytes.length - 1; // of the last line
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    String found = HexFormat.of().formatHex(sha256().digest(Arrays.copyOf(bytes, end)));
    if (!found.equalsIgnoreCase(said)) {
      throw new IOException("backup manifest checksum mismatch");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static String path(Map<?, ?> file) throws IOException {
    if (file.containsKey("Encoded-Path")) {
      try {
        return new String(HexFormat.of().parseHex(text(file, "Encoded-Path")), UTF_8);
      } catch (IllegalArgumentException e) {
        throw new IOException("could not decode file name in backup manifest", e);
      }
    }
    return text(file, "Path");
  }

  private static File file(Map<?, ?> file) throws IOException {
    if (!(file.get("Size") instanceof Long size)) {
      throw new IOException("missing size of \"%s\" in backup manifest".formatted(path(file)));
    }
    if (!file.containsKey("Checksum")) {
      return new File(size, "");
    }
    String algorithm = text(file, "Checksum-Algorithm");
    if (!algorithm.equals("CRC32C")) {
      throw new IOException("unexpected checksum algorithm in backup manifest: " + algorithm);
    }
    return new File(size, text(file, "Checksum"));
  }

  private static String text(Map<?, ?> object, String name) throws IOException {
    @Nullable Object value = object.get(name);
    if (value instanceof String string) {
      return string;
    }
    throw new IOException("missing \"%s\" in backup manifest".formatted(name));
  }

  /// @param received what has come, by name
  /// @throws IOException naming the first file that has not come as it should
  void require(Map<String, File> received) throws IOException {
    for (String name : received.keySet()) {
      if (!files.containsKey(name)) {
        throw new IOException("\"%s\" has come but is not in the backup manifest".formatted(name));
      }
    }
    for (var wanted : files.entrySet()) {
      File file = received.get(wanted.getKey());
      if (file == null) {
        throw new IOException(
            "\"%s\" is in the backup manifest but has not come".formatted(wanted.getKey()));
      }
      if (file.size() != wanted.getValue().size()) {
        throw new IOException(
            "\"%s\" has size %d but %d in the backup manifest"
                .formatted(wanted.getKey(), file.size(), wanted.getValue().size()));
      }
      String checksum = wanted.getValue().checksum();
      if (!checksum.isEmpty() && !checksum.equalsIgnoreCase(file.checksum())) {
        throw new IOException(
            "checksum mismatch for file \"%s\" of the base backup".formatted(wanted.getKey()));
      }
    }
  }
}
