package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.WalFormat;

class DirectoryCleanupTest {

  private static final List<String> GOES =
      List.of(
          "base/pgsql_tmp/pgsql_tmp17.0",
          "base/pgsql_tmp/pgsql_tmp18.fileset/0",
          "base/5/t3_16401",
          "base/5/t3_16401_fsm.1",
          "base/5/pg_internal.init",
          "global/pg_internal.init.4711",
          "pg_snapshots/00000003-0000001B-1",
          "pg_stat/pgstat.stat",
          "tablespace/PG_18_202506291/5/t3_16402",
          "tablespace/PG_18_202506291/pgsql_tmp/pgsql_tmp9.1");

  private static final List<String> STAYS =
      List.of(
          "base/5/16401",
          "base/5/16401_init",
          "base/5/t3_what",
          "base/pgsql_tmp/other",
          "global/pg_control",
          "pg_wal/000000010000000000000003",
          "tablespace/PG_17_202406281/5/t3_16402",
          "tablespace/PG_18_202506291/5/16402");

  @TempDir Path directory;
  @TempDir Path elsewhere;

  private final RecordedFiles layer = RecordedFiles.recording();
  private DirectoryCleanup cleanup;

  @BeforeEach
  void cluster() throws Exception {
    new CraftedCluster(directory, WalFormat.PG_18);
    Files.createSymbolicLink(directory.resolve("pg_tblspc/16400"), directory.resolve("tablespace"));
    for (String name : GOES) {
      make(name);
    }
    for (String name : STAYS) {
      make(name);
    }
    make("pg_wal/xlogtemp.12");
    cleanup = new DirectoryCleanup(layer, new RelationPaths(directory, WalFormat.PG_18));
  }

  private void make(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }

  @Test
  void removesWhatMeansNothingToTheNextServer() throws Exception {
    cleanup.removeTemporaryWal();
    cleanup.removeLeftovers();
    cleanup.removeLeftovers();
    assertThat(GOES).noneMatch(name -> Files.exists(directory.resolve(name)));
    assertThat(STAYS).allMatch(name -> Files.exists(directory.resolve(name)));
    assertThat(directory.resolve("pg_wal/xlogtemp.12")).doesNotExist();
    assertThat(directory.resolve("base/pgsql_tmp")).isDirectory();
  }

  @Test
  void forcesEverythingAlsoBehindLinks() throws Exception {
    Path outside = Files.createDirectory(elsewhere.resolve("fast"));
    Files.createFile(outside.resolve("17000"));
    Files.createSymbolicLink(directory.resolve("pg_tblspc/16500"), outside);
    cleanup.forceAll();
    assertThat(layer.operations())
        .contains(
            "force 16401",
            "force directory 5",
            "force 000000010000000000000003",
            "force directory pg_wal",
            "force 17000",
            "force directory fast",
            "force directory pg_tblspc");
    assertThat(layer.operations().getLast()).startsWith("force directory");
  }
}
