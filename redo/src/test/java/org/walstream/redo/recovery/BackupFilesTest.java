package org.walstream.redo.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.control.TablespaceMap;

final class BackupFilesTest {

  @TempDir private Path directory;
  private TablespaceMap map;

  @BeforeEach
  void makeDirectory() throws IOException {
    Files.createDirectory(directory.resolve("pg_tblspc"));
    map = TablespaceMap.parse("16400 /srv/fast\n".getBytes(UTF_8));
  }

  @Test
  void linksAreMadeInThePlaceOfWhatIsThereAndForced() throws IOException {
    Path link = directory.resolve("pg_tblspc/16400");
    Files.createSymbolicLink(link, Path.of("/srv/slow"));
    var files = RecordedFiles.recording();
    new BackupFiles(files, directory).link(map);
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("/srv/fast"));
    assertThat(files.operations())
        .containsExactly("delete 16400", "create symbolic link 16400", "force directory pg_tblspc");
  }

  @Test
  void whatCannotBeForcedIsNamed() {
    var files =
        new RecordedFiles(operation -> {
          if (operation.startsWith("force")) {
            throw new IOException("Input/output error");
          }
        });
    assertThatThrownBy(() -> new BackupFiles(files, directory).link(map))
        .hasMessage(
            "could not fsync file \"%s\": Input/output error"
                .formatted(directory.resolve("pg_tblspc")));
  }
}
