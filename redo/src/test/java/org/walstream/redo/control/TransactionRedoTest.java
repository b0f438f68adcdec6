package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.walstream.redo.control.ControlFixture.TRANSACTION;
import static org.walstream.wal.rmgr.TransactionRecord.ABORT;
import static org.walstream.wal.rmgr.TransactionRecord.COMMIT;
import static org.walstream.wal.rmgr.TransactionRecord.COMMIT_PREPARED;
import static org.walstream.wal.rmgr.TransactionRecord.XLOG_XACT_HAS_INFO;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.redo.RedoProfile;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.DatabaseRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.StorageRecord;
import org.walstream.wal.rmgr.XLogRmgrRecord;
import org.walstream.wal.rmgr.XactCompletion;

class TransactionRedoTest {

  @TempDir Path data;

  private ControlFixture fixture;
  private ControlRedo control;

  @BeforeEach
  void begin() throws IOException {
    fixture = new ControlFixture(data, WalFormat.PG_16);
    control = fixture.control();
    control.begin(ControlFixture.checkPoint(600, 1, 0), true);
  }

  @Test
  void aCommitIsOneWithItsSubtransactions() throws IOException {
    control.redo(
        fixture
            .record(Rmgr.TRANSACTION, COMMIT | XLOG_XACT_HAS_INFO)
            .i64(77)
            .i32(XactCompletion.XACT_XINFO_HAS_SUBXACTS)
            .i32(3, 701, 702, 40_000)
            .decoded());
    control.flush();
    for (int xid : new int[] {TRANSACTION, 701, 702, 40_000}) {
      assertThat(status(xid)).isEqualTo(1);
    }
    assertThat(status(699)).isZero();
    assertThat(status(703)).isZero();
    assertThat(control.nextXid()).isEqualTo(40_001);
    ByteBuffer times = fixture.file("pg_commit_ts/0000");
    assertThat(times.getLong(702 * 10)).isEqualTo(77);
    assertThat(times.getShort(702 * 10 + 8)).isZero();
    assertThat(times.getLong(703 * 10)).isZero();
    int entry = 40_000 % 819 * 10 + (40_000 / 819 % 32) * 8192;
    assertThat(fixture.file("pg_commit_ts/0001").getLong(entry)).isEqualTo(77);
  }

  @Test
  void anAbortHasNoTime() throws IOException {
    control.redo(fixture.record(Rmgr.TRANSACTION, ABORT).i64(77).decoded());
    control.flush();
    assertThat(status(TRANSACTION)).isEqualTo(2);
    assertThat(fixture.file("pg_commit_ts/0000").getLong(TRANSACTION * 10)).isZero();
  }

  @Test
  void aReplicatedCommitHasTheTimeAndTheNodeItComesFrom() throws IOException {
    control.redo(
        fixture
            .record(Rmgr.TRANSACTION, COMMIT | XLOG_XACT_HAS_INFO)
            .origin(9)
            .i64(77)
            .i32(XactCompletion.XACT_XINFO_HAS_ORIGIN)
            .i64(0x3333)
            .i64(55)
            .decoded());
    control.flush();
    control.writeOrigins();
    ByteBuffer times = fixture.file("pg_commit_ts/0000");
    assertThat(times.getLong(TRANSACTION * 10)).isEqualTo(55);
    assertThat(times.getShort(TRANSACTION * 10 + 8)).isEqualTo((short) 9);
    ByteBuffer origins = fixture.file("pg_logical/replorigin_checkpoint");
    assertThat(origins.getShort(4)).isEqualTo((short) 9);
    assertThat(origins.getLong(12)).isEqualTo(0x3333);
  }

  @Test
  void filesGoOnceThereIsNoWayBack() throws IOException {
    Path file = data.resolve("base/5/16384");
    Files.createFile(file);
    Files.createFile(data.resolve("base/5/16384_vm"));
    Files.createFile(data.resolve("base/5/163840"));
    DecodedXLogRecord commit =
        fixture
            .record(Rmgr.TRANSACTION, COMMIT_PREPARED | XLOG_XACT_HAS_INFO)
            .i64(77)
            .i32(
                XactCompletion.XACT_XINFO_HAS_RELFILELOCATORS
                    | XactCompletion.XACT_XINFO_HAS_TWOPHASE)
            .i32(1, 1663, 5, 16384)
            .i32(650)
            .decoded();
    ControlRedo stopped =
        new ControlRedo(
            RedoProfile.newest(fixture.format),
            fixture.files,
            fixture.paths,
            fixture.relations,
            fixture.pages,
            lsn -> {
              assertThat(file).exists();
              assertThat(lsn).isEqualTo(commit.endLsn());
              throw new IOException("not durable");
            },
            false);
    stopped.begin(ControlFixture.checkPoint(600, 1, 0), false);
    stopped.redo(commit);
    assertThat(catchThrowable(stopped::settle)).hasMessage("not durable");
    assertThat(file).exists();

    control.redo(commit);
    control.settle();
    assertThat(file).doesNotExist();
    assertThat(data.resolve("base/5/16384_vm")).doesNotExist();
    assertThat(data.resolve("base/5/163840")).exists();
    control.redo(commit);
    control.settle();
    control.flush();
    assertThat(status(650)).as("of the prepared one").isEqualTo(1);
    assertThat(status(TRANSACTION)).isZero();
  }

  @Test
  void filesThatGoWaitForEachOther() throws IOException {
    for (int relation = 1; relation <= 1001; relation++) {
      Files.createFile(data.resolve("base/5/" + relation));
    }
    for (int relation = 1; relation <= 999; relation++) {
      control.redo(dropOf(relation));
    }
    assertThat(data.resolve("base/5/1")).exists();
    assertThat(fixture.required).isEmpty();

    control.redo(dropOf(1000));
    assertThat(fixture.required).as("one for all").hasSize(1);
    assertThat(data.resolve("base/5/1")).doesNotExist();
    assertThat(data.resolve("base/5/1000")).doesNotExist();
    assertThat(data.resolve("base/5/1001")).exists();
  }

  @Test
  void filesThatGoDoNotWaitForTheirNameToComeAgain() throws IOException {
    Path file = data.resolve("base/5/16384");
    Files.write(file, new byte[8192]);
    control.redo(dropOf(16384));
    control.redo(create(16385));
    assertThat(file).exists();
    control.redo(create(16384));
    assertThat(file).doesNotExist();
    control.settle();
    assertThat(file).isEmptyFile();
  }

  @Test
  void filesThatGoDoNotWaitForTheirDatabaseToGo() throws IOException {
    Path file = data.resolve("base/5/16384");
    Files.createFile(file);
    control.redo(dropOf(16384));
    control.redo(
        fixture.record(Rmgr.DATABASE, DatabaseRecord.CREATE_WAL_LOG).i32(6, 1663).decoded());
    assertThat(file).doesNotExist();
  }

  private DecodedXLogRecord dropOf(int relation) {
    return fixture
        .record(Rmgr.TRANSACTION, COMMIT | XLOG_XACT_HAS_INFO)
        .i64(77)
        .i32(XactCompletion.XACT_XINFO_HAS_RELFILELOCATORS)
        .i32(1, 1663, 5, relation)
        .decoded();
  }

  private DecodedXLogRecord create(int relation) {
    return fixture.record(Rmgr.STORAGE, StorageRecord.CREATE).i32(1663, 5, relation, 0).decoded();
  }

  @Test
  void commitTimesComeAndGoWithTheSetting() throws IOException {
    control.redo(fixture.record(Rmgr.TRANSACTION, COMMIT).i64(77).decoded());
    control.redo(parameters(0));
    control.flush();
    assertThat(data.resolve("pg_commit_ts")).isEmptyDirectory();
    control.redo(fixture.record(Rmgr.TRANSACTION, COMMIT).i64(77).decoded());
    control.flush();
    assertThat(data.resolve("pg_commit_ts")).isEmptyDirectory();
    control.redo(parameters(1));
    control.flush();
    ByteBuffer page = fixture.file("pg_commit_ts/0000");
    assertThat(page.capacity()).isEqualTo(8192);
    assertThat(page.getLong(TRANSACTION * 10)).isZero();
  }

  private DecodedXLogRecord parameters(int trackCommitTimestamp) {
    return fixture
        .record(Rmgr.XLOG, XLogRmgrRecord.PARAMETER_CHANGE)
        .i32(100, 8, 10, 0, 64, 1)
        .u8(0)
        .u8(trackCommitTimestamp)
        .zeros(2)
        .decoded();
  }

  private int status(int xid) throws IOException {
    ByteBuffer pages = fixture.file("pg_xact/0000");
    return (pages.get(xid / 4) >> (xid % 4 * 2)) & 3;
  }
}
