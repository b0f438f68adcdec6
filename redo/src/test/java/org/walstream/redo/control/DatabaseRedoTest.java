package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.wal.rmgr.DatabaseRecord.CREATE_FILE_COPY;
import static org.walstream.wal.rmgr.DatabaseRecord.CREATE_WAL_LOG;
import static org.walstream.wal.rmgr.DatabaseRecord.DROP;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.redo.RedoProfile;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.Rmgr;

class DatabaseRedoTest {

  @TempDir Path data;

  private final List<String> told = new ArrayList<>();
  private ControlFixture fixture;

  @BeforeEach
  void makeDirectories() throws IOException {
    fixture = new ControlFixture(data, WalFormat.PG_18);
    Files.writeString(data.resolve("base/5/1255"), "pg_proc");
  }

  @Test
  void aDatabaseIsWrittenWholeBeforeItIsCopied() throws IOException {
    Path elsewhere = data.resolve("pg_tblspc/16400/PG_18_202506291");
    Files.createDirectories(elsewhere.resolve("5"));
    Files.createDirectories(elsewhere.resolve("6"));
    redo(fixture.record(Rmgr.DATABASE, CREATE_FILE_COPY).i32(5, 16401, 5, 1663).decoded());
    assertThat(told).containsExactly("required", "written 1663/5", "written 16400/5");
    assertThat(data.resolve("pg_tblspc/16401/PG_18_202506291/5/1255")).hasContent("pg_proc");
  }

  @Test
  void makesTheDirectoryOfADatabaseToBeFilled() throws IOException {
    redo(fixture.record(Rmgr.DATABASE, CREATE_WAL_LOG).i32(7, 1663).decoded());
    redo(fixture.record(Rmgr.DATABASE, CREATE_WAL_LOG).i32(7, 1663).decoded());
    assertThat(data.resolve("base/7/PG_VERSION")).hasContent("18");
    assertThat(told).isEmpty();
  }

  @Test
  void dropsPagesBeforeFilesAndSlotsWithThem() throws IOException {
    slot("of_5", 5, 0x100, 0);
    slot("of_6", 6, 0x100, 0);
    slot("physical", 0, 0x100, 0);
    Files.createDirectories(data.resolve("pg_tblspc/16400/PG_18_202506291/5"));
    redo(fixture.record(Rmgr.DATABASE, DROP).i32(5, 2, 1663, 16400).decoded());
    assertThat(told).containsExactly("required", "dropped 5");
    assertThat(data.resolve("base/5")).doesNotExist();
    assertThat(data.resolve("pg_tblspc/16400/PG_18_202506291")).isEmptyDirectory();
    assertThat(fixture.files.list(data.resolve("pg_replslot"))).containsExactly("of_6", "physical");
  }

  private void slot(String name, int database, long restartLsn, int invalidated)
      throws IOException {
    writeSlot(data, name, database, restartLsn, invalidated);
  }

  static void writeSlot(Path data, String name, int database, long restartLsn, int invalidated)
      throws IOException {
    Path directory = Files.createDirectories(data.resolve("pg_replslot").resolve(name));
    ByteBuffer state = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    state.putInt(80, database).putLong(96, restartLsn).putInt(104, invalidated);
    Files.write(directory.resolve("state"), state.array());
  }

  private void redo(DecodedXLogRecord record) throws IOException {
    new ControlRedo(
            RedoProfile.newest(fixture.format),
            fixture.files,
            fixture.paths,
            fixture.relations,
            new Told(),
            lsn -> {
              assertThat(lsn).isEqualTo(record.endLsn());
              told.add("required");
            },
            false)
        .redo(record);
  }

  /// Pages of which only whole databases are asked for.
  private final class Told implements Pages {

    @Override
    public void drop(Collection<RelFileLocator> relations) {
      throw new AssertionError();
    }

    @Override
    public void truncate(RelFileLocator relation, ForkNumber fork, long blocks) {
      throw new AssertionError();
    }

    @Override
    public void dropDatabase(int dbOid) {
      assertThat(data.resolve("base").resolve(Integer.toString(dbOid))).exists();
      told.add("dropped " + dbOid);
    }

    @Override
    public void writeDatabase(int spcOid, int dbOid) {
      told.add("written %d/%d".formatted(spcOid, dbOid));
    }

    @Override
    public void edit(
        RelFileLocator relation,
        ForkNumber fork,
        long block,
        boolean zeroIfMissing,
        PageEdit edit) {
      throw new AssertionError();
    }

    @Override
    public long blocks(RelFileLocator relation, ForkNumber fork) {
      throw new AssertionError();
    }
  }
}
