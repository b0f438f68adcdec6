package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.wal.rmgr.TablespaceRecord.CREATE;
import static org.walstream.wal.rmgr.TablespaceRecord.DROP;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.redo.RedoException;
import org.walstream.wal.WalFormat;
import org.walstream.wal.rmgr.Rmgr;

class TablespaceRedoTest {

  private static final String VERSION = "PG_18_202506291";

  @TempDir Path data;
  @TempDir Path elsewhere;

  private ControlFixture fixture;
  private ControlRedo control;
  private Path link;

  @BeforeEach
  void makeDirectories() throws IOException {
    fixture = new ControlFixture(data, WalFormat.PG_18);
    control = fixture.control();
    link = data.resolve("pg_tblspc/16400");
  }

  @Test
  void aTablespaceIsALinkAndADirectoryOfThisVersion() throws IOException {
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwxr-xr-x"));
    create(elsewhere.toString());
    create(elsewhere.toString());
    assertThat(Files.readSymbolicLink(link)).isEqualTo(elsewhere);
    assertThat(elsewhere.resolve(VERSION)).isDirectory();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(elsewhere)))
        .isEqualTo("rwx------");
    fixture.files.sync();
    assertThat(fixture.recorded.operations()).contains("force directory pg_tblspc");
    drop();
    drop();
    assertThat(data.resolve("pg_tblspc")).isEmptyDirectory();
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(fixture.required).hasSize(4);
  }

  @Test
  void aLinkThatLeadsElsewhereIsReplaced() throws IOException {
    Files.createSymbolicLink(link, Path.of("/nowhere"));
    create(elsewhere.toString());
    assertThat(Files.readSymbolicLink(link)).isEqualTo(elsewhere);
    Files.delete(link);
    Files.createDirectory(link);
    create(elsewhere.toString());
    assertThat(Files.readSymbolicLink(link)).isEqualTo(elsewhere);
    Files.delete(link);
    Files.createFile(link);
    assertThatThrownBy(() -> create(elsewhere.toString()))
        .isInstanceOf(RedoException.class)
        .hasMessageEndingWith("\"" + link + "\" is not a directory or symbolic link");
  }

  @Test
  void theDirectoryItselfIsTheAdministrators() throws IOException {
    Path missing = elsewhere.resolve("missing");
    assertThatThrownBy(() -> create(missing.toString()))
        .isInstanceOf(RedoException.class)
        .hasMessageStartingWith("WAL redo at 0/1000028 for Tablespace/CREATE: directory \"")
        .hasMessageContaining("does not exist; create this directory");
    Files.createDirectory(missing);
    create(missing.toString());
    assertThat(Files.readSymbolicLink(link)).isEqualTo(missing);
    Files.delete(missing.resolve(VERSION));
    Files.createFile(missing.resolve(VERSION));
    assertThatThrownBy(() -> create(missing.toString()))
        .hasMessageEndingWith("exists but is not a directory");
  }

  @Test
  void withoutAPathItIsWhereTheLinkWouldBe() throws IOException {
    create("");
    create("");
    assertThat(link.resolve(VERSION)).isEmptyDirectory();
    Files.createDirectory(link.resolve(VERSION).resolve("5"));
    drop();
    assertThat(data.resolve("pg_tblspc")).isEmptyDirectory();
  }

  @Test
  void whatIsNotEmptyStays() throws IOException {
    create(elsewhere.toString());
    Files.createDirectory(elsewhere.resolve(VERSION).resolve("5"));
    Path left = Files.createDirectory(elsewhere.resolve(VERSION).resolve("6"));
    Files.createFile(left.resolve("t0_1234"));
    drop();
    assertThat(elsewhere.resolve(VERSION).resolve("5")).doesNotExist();
    assertThat(left.resolve("t0_1234")).exists();
    assertThat(link).isSymbolicLink();
    fixture.files.sync();
  }

  private void create(String path) throws IOException {
    control.redo(
        fixture.record(Rmgr.TABLESPACE, CREATE).i32(16400).text(path, path.length() + 1).decoded());
  }

  private void drop() throws IOException {
    control.redo(fixture.record(Rmgr.TABLESPACE, DROP).i32(16400).decoded());
  }
}
