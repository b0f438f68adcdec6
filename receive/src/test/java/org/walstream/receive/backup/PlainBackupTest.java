package org.walstream.receive.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;

class PlainBackupTest {

  @TempDir Path scratch;

  private final FileLayer files = FileLayer.system();
  private Path data;
  private Path space;
  private PlainBackup backup;

  @BeforeEach
  void begin() throws IOException {
    data = scratch.resolve("data");
    space = scratch.resolve("new/space");
    backup =
        new PlainBackup(
            files, data, location -> location.equals("/old") ? space.toString() : location);
    backup.begin();
  }

  private void take(String archive, CraftedTar tar) throws IOException {
    backup.archive(archive);
    var stream = new TarStream(backup);
    stream.feed(ByteBuffer.wrap(tar.bytes()));
    stream.end();
  }

  private void takeAll() throws IOException {
    backup.expect(new BackupTablespace("", "", 100));
    backup.expect(new BackupTablespace("16385", "/old", 100));
    take("16385.tar", new CraftedTar().file("PG_18_2025/5/16390", "rows".getBytes(UTF_8)));
    take(
        "base.tar",
        new CraftedTar()
            .file("PG_VERSION", "18\n".getBytes(UTF_8))
            .directory("pg_tblspc/")
            .link("pg_tblspc/16385", "/old")
            .directory("global/")
            .file("global/pg_control", "control".getBytes(UTF_8)));
  }

  private static byte[] manifest(String versionChecksum, String more) throws Exception {
    String lines =
        """
        { "PostgreSQL-Backup-Manifest-Version": 2,
        "System-Identifier": 7577016837374542,
        "Files": [
        { "Encoded-Path": "50475F56455253494F4E", "Size": 3, "Last-Modified": "2026-11-27 05:12:45 GMT", "Checksum-Algorithm": "CRC32C", "Checksum": "%s" },
        { "Path": "pg_tblspc/16385/PG_18_2025/5/16390", "Size": 4, "Last-Modified": "\\u0032026" },%s
        { "Path": "global/pg_control", "Size": 7, "Last-Modified": "" }
        ],
        "WAL-Ranges": [
        { "Timeline": 1, "Start-LSN": "0/2000028", "End-LSN": "0/2000120" }
        ],
        """
            .formatted(versionChecksum, more);
    String sum =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(lines.getBytes(UTF_8)));
    return (lines + "\"Manifest-Checksum\": \"" + sum + "\"}\n").getBytes(UTF_8);
  }

  /// CRC-32C of "18\n", from the lowest byte on.
  private static String versionChecksum() {
    var crc = new CRC32C();
    crc.update("18\n".getBytes(UTF_8));
    return HexFormat.of().toHexDigits(Integer.reverseBytes((int) crc.getValue()));
  }

  @Test
  void aDirectoryIsADataDirectoryOnlyWhenItIsPublished() throws Exception {
    takeAll();
    backup.complete(manifest(versionChecksum(), ""));
    assertThat(data.resolve("global/pg_control")).doesNotExist();
    assertThat(UnfinishedBackup.isThere(data)).isTrue();

    backup.publish();

    assertThat(data.resolve("global/pg_control")).hasContent("control");
    assertThat(UnfinishedBackup.isThere(data)).isFalse();
    assertThat(data.resolve("PG_VERSION")).hasContent("18\n");
    assertThat(Files.readSymbolicLink(data.resolve("pg_tblspc/16385"))).isEqualTo(space);
    assertThat(data.resolve("pg_tblspc/16385/PG_18_2025/5/16390")).hasContent("rows");
    assertThat(data.resolve("backup_manifest")).exists();
  }

  @Test
  void whatIsNotAsTheManifestSaysIsRefused() throws Exception {
    takeAll();
    assertThatThrownBy(() -> backup.complete(manifest("00000000", "")))
        .hasMessage("checksum mismatch for file \"PG_VERSION\" of the base backup");
    assertThatThrownBy(() ->
            backup.complete(
                manifest(versionChecksum(), "\n{ \"Path\": \"backup_label\", \"Size\": 1 },")))
        .hasMessage("\"backup_label\" is in the backup manifest but has not come");
    byte[] damaged = manifest(versionChecksum(), "");
    damaged[80] ^= 1;
    assertThatThrownBy(() -> backup.complete(damaged)).isInstanceOf(IOException.class);
    byte[] cut = Arrays.copyOf(damaged, damaged.length / 2);
    assertThatThrownBy(() -> backup.complete(cut)).isInstanceOf(IOException.class);
    take("base.tar", new CraftedTar().file("more", new byte[1]));
    assertThatThrownBy(() -> backup.complete(manifest(versionChecksum(), "")))
        .hasMessage("\"more\" has come but is not in the backup manifest");
  }

  @Test
  void nothingIsWrittenOutsideItsPlace() throws Exception {
    assertThatThrownBy(() -> take("base.tar", new CraftedTar().file("../x", new byte[1])))
        .hasMessageContaining("outside its directory");
    assertThatThrownBy(() -> take("base.tar", new CraftedTar().file("/x", new byte[1])))
        .hasMessageContaining("outside its directory");
    assertThatThrownBy(() -> take("16999.tar", new CraftedTar()))
        .hasMessage("unexpected archive \"16999.tar\" in the base backup");
  }

  @Test
  void whatIsUnfinishedIsRemovedAndNothingElse() throws Exception {
    takeAll();
    Files.writeString(data.resolve("postmaster.pid"), "1");
    Path other = Files.writeString(space.resolveSibling("other"), "kept");
    UnfinishedBackup.remove(files, data, Set.of("postmaster.pid"));
    assertThat(files.list(data)).containsExactly("postmaster.pid");
    assertThat(files.list(space)).isEmpty();
    assertThat(other).exists();
  }

  @Test
  void aTablespaceWantsAnEmptyDirectory() throws Exception {
    Files.createDirectories(space);
    Files.createFile(space.resolve("x"));
    assertThatThrownBy(() -> backup.expect(new BackupTablespace("16385", "/old", 1)))
        .hasMessage("directory \"%s\" exists but is not empty".formatted(space));
    UnfinishedBackup.remove(files, data, Set.of());
    assertThat(space.resolve("x")).exists();
  }
}
