package org.walstream.redo.relation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.redo.storage.DataFiles;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.WalFormat;

class UnloggedRelationsTest {

  @TempDir Path data;

  private final RecordedFiles recorded = RecordedFiles.recording();
  private final DataFiles files = new DataFiles(recorded, 10);

  @Test
  void onlyTheInitForksOfUnloggedRelationsStay() throws IOException {
    var elsewhere = "pg_tblspc/16400/PG_16_202307071/5";
    for (String directory : new String[] {"base/1", "base/5", "base/pgsql_tmp", elsewhere}) {
      Files.createDirectories(data.resolve(directory));
      for (String name :
          new String[] {
            "16384",
            "16384.1",
            "16384_fsm",
            "16384_init",
            "16384_vm",
            "16385",
            "163840",
            "16385_vm",
            "PG_VERSION",
            "t3_16384"
          }) {
        Files.createFile(data.resolve(directory).resolve(name));
      }
    }
    Files.createDirectories(data.resolve("pg_tblspc/16401"));
    Files.createFile(data.resolve("base/9"));
    var unlogged = new UnloggedRelations(files, new RelationPaths(data, WalFormat.PG_16));
    unlogged.cleanUp();
    unlogged.cleanUp();
    for (String directory : new String[] {"base/1", "base/5", elsewhere}) {
      assertThat(recorded.list(data.resolve(directory)))
          .containsExactlyInAnyOrder(
              "16384_init", "16385", "163840", "16385_vm", "PG_VERSION", "t3_16384");
    }
    assertThat(recorded.list(data.resolve("base/pgsql_tmp"))).hasSize(10);
    recorded.clearOperations();
    files.sync();
    assertThat(recorded.operations())
        .containsExactlyInAnyOrder("force directory 1", "force directory 5", "force directory 5");
  }

  @Test
  void atTheEndTheyAreWhatTheirInitForksAre() throws IOException {
    Path database = Files.createDirectories(data.resolve("base/5"));
    Files.createDirectories(data.resolve("pg_tblspc"));
    byte[] empty = new byte[8192];
    empty[0] = 1;
    Files.write(database.resolve("16384_init"), empty);
    Files.write(database.resolve("16384"), new byte[3 * 8192]);
    Files.createFile(database.resolve("16385_init"));
    Files.write(database.resolve("16386"), empty);
    var unlogged = new UnloggedRelations(files, new RelationPaths(data, WalFormat.PG_18));
    unlogged.initialize();
    unlogged.initialize();
    files.sync();
    assertThat(database.resolve("16384")).hasBinaryContent(empty);
    assertThat(database.resolve("16385")).isEmptyFile();
    assertThat(recorded.list(database))
        .containsExactlyInAnyOrder("16384", "16384_init", "16385", "16385_init", "16386");
    assertThat(recorded.operations()).contains("force 16384", "force 16385");
  }
}
