package org.walstream.redo.relation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.redo.storage.DataFiles;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.WalFormat;

class DatabaseFilesTest {

  private static final int BASE = 1663;

  @TempDir Path data;

  private final RecordedFiles recorded = RecordedFiles.recording();
  private final DataFiles files = new DataFiles(recorded, 3);
  private DatabaseFiles databases;

  @BeforeEach
  void makeDirectories() throws IOException {
    databases = new DatabaseFiles(files, new RelationPaths(data, WalFormat.PG_17));
    Files.createDirectories(data.resolve("base/1/pgsql_tmp"));
    Files.writeString(data.resolve("base/1/PG_VERSION"), "17\n");
    Files.write(data.resolve("base/1/1255"), new byte[3_000_000]);
    Files.writeString(data.resolve("base/1/pgsql_tmp/t"), "temporary");
  }

  @Test
  void copiesPlainFilesAndForcesThemBeforeTheirNames() throws IOException {
    databases.copy(BASE, 5, BASE, 1);
    assertThat(recorded.list(data.resolve("base/5"))).containsExactly("1255", "PG_VERSION");
    assertThat(data.resolve("base/5/1255")).hasSize(3_000_000);
    assertThat(data.resolve("base/5/PG_VERSION")).hasContent("17");
    assertThat(recorded.operations().stream().filter(told -> told.startsWith("force")))
        .containsExactly(
            "force 1255", "force PG_VERSION", "force directory 5", "force directory base");
  }

  @Test
  void aCopyReplacesWhatIsThere() throws IOException {
    databases.copy(BASE, 5, BASE, 1);
    Files.writeString(data.resolve("base/5/9999"), "left by an earlier replay");
    Files.writeString(data.resolve("base/1/1255"), "new");
    databases.copy(BASE, 5, BASE, 1);
    assertThat(recorded.list(data.resolve("base/5"))).containsExactly("1255", "PG_VERSION");
    assertThat(data.resolve("base/5/1255")).hasContent("new");
  }

  @Test
  void aSourceThatHasGoneAlreadyIsCopiedEmpty() throws IOException {
    databases.copy(16_400, 5, 16_401, 1);
    assertThat(data.resolve("pg_tblspc/16400/PG_17_202406281/5")).isEmptyDirectory();
    assertThat(data.resolve("pg_tblspc/16401/PG_17_202406281/1")).isEmptyDirectory();
  }

  @Test
  void createsADatabaseThatBlocksFollow() throws IOException {
    databases.create(BASE, 7);
    Files.writeString(data.resolve("base/7/PG_VERSION"), "torn, and longer");
    databases.create(BASE, 7);
    assertThat(Files.readString(data.resolve("base/7/PG_VERSION"))).isEqualTo("17\n");
    assertThat(recorded.surviving("PG_VERSION")).hasValue(new byte[] {'1', '7', '\n'});
  }

  @Test
  void dropsWhateverIsInTheDirectory() throws IOException {
    databases.drop(BASE, 1);
    databases.drop(BASE, 1);
    assertThat(data.resolve("base")).isEmptyDirectory();
    recorded.clearOperations();
    files.sync();
    assertThat(recorded.operations()).containsExactly("force directory base");
  }
}
