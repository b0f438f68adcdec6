package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.wal.rmgr.TransactionRecord.ABORT_PREPARED;
import static org.walstream.wal.rmgr.TransactionRecord.COMMIT;
import static org.walstream.wal.rmgr.TransactionRecord.PREPARE;
import static org.walstream.wal.rmgr.TransactionRecord.XLOG_XACT_HAS_INFO;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.XactCompletion;

class PreparedTransactionsTest {

  private static final int XID = 650;
  private static final long NEXT_XID = 0x2_0000_0258L;
  private static final long AFTER = 0x7000000;

  @TempDir Path data;

  @ParameterizedTest
  @EnumSource(WalFormat.class)
  void thoseThatTheRedoPointLeavesBehindAreWritten(WalFormat format) throws IOException {
    var fixture = new ControlFixture(data, format);
    ControlRedo control = begun(fixture);
    DecodedXLogRecord prepare = prepare(fixture);
    control.redo(prepare);
    control.writePreparedTransactions(prepare.endLsn() - 1);
    assertThat(data.resolve("pg_twophase")).isEmptyDirectory();

    control.writePreparedTransactions(prepare.endLsn());
    String name =
        format == WalFormat.PG_15 || format == WalFormat.PG_16 ? "0000028A" : "000000020000028A";
    ByteBuffer file = fixture.file("pg_twophase/" + name);
    byte[] content = bytesOf(file);
    assertThat(content).startsWith(prepare.main().toArray()).hasSize(prepare.main().length() + 4);
    var crc = new CRC32C();
    crc.update(content, 0, content.length - 4);
    assertThat(file.getInt(content.length - 4)).isEqualTo((int) crc.getValue());

    var again = new ControlFixture(data, format);
    ControlRedo next = begun(again, NEXT_XID + 1000);
    next.redo(prepare(again));
    assertThat(again.required).isEmpty();
    next.redo(abort(again));
    assertThat(again.required).hasSize(1);
    assertThat(data.resolve("pg_twophase")).isEmptyDirectory();
  }

  private static byte[] bytesOf(ByteBuffer file) {
    byte[] content = new byte[file.capacity()];
    file.get(0, content);
    return content;
  }

  @Test
  void oneThatEndsSoonIsNeverWritten() throws IOException {
    var fixture = new ControlFixture(data, WalFormat.PG_18);
    ControlRedo control = begun(fixture);
    control.redo(prepare(fixture));
    control.redo(abort(fixture));
    control.redo(abort(fixture));
    control.writePreparedTransactions(AFTER);
    assertThat(fixture.recorded.operations()).noneMatch(told -> told.startsWith("create"));
    assertThat(fixture.required).isEmpty();
  }

  @Test
  void filesOfTheFutureAndOfTheEndedGoAtTheStart() throws IOException {
    written();
    begun(new ControlFixture(data, WalFormat.PG_18), 600);
    assertThat(data.resolve("pg_twophase")).isEmptyDirectory();

    var fixture = written();
    ControlRedo control = begun(fixture, NEXT_XID + 1000);
    control.redo(
        fixture
            .record(Rmgr.TRANSACTION, COMMIT | XLOG_XACT_HAS_INFO)
            .i64(0)
            .i32(XactCompletion.XACT_XINFO_HAS_SUBXACTS, 1, XID)
            .decoded());
    control.flush();
    Files.createFile(data.resolve("pg_twophase/000000020000028B.tmp"));
    begun(new ControlFixture(data, WalFormat.PG_18), NEXT_XID + 1000);
    assertThat(data.resolve("pg_twophase")).isEmptyDirectory();
  }

  @Test
  void aDamagedFileEndsTheStart() throws IOException {
    written();
    Path file = data.resolve("pg_twophase/000000020000028A");
    byte[] content = Files.readAllBytes(file);
    content[80]++;
    Files.write(file, content);
    refused("calculated CRC checksum does not match value stored in file \"" + file + "\"");
    content[0]++;
    Files.write(file, content);
    refused("invalid magic number stored in file \"" + file + "\"");
    Files.write(file, new byte[10]);
    refused("incorrect size of file \"" + file + "\": 10 bytes");
    Files.delete(file);
    written();
    Files.move(file, data.resolve("pg_twophase/000000020000028B"));
    refused("corrupted two-phase state file for transaction 651");
  }

  private void refused(String message) throws IOException {
    var fixture = new ControlFixture(data, WalFormat.PG_18);
    assertThatThrownBy(() -> begun(fixture, NEXT_XID + 1000)).hasMessage(message);
  }

  private ControlFixture written() throws IOException {
    var fixture = new ControlFixture(data, WalFormat.PG_18);
    ControlRedo control = begun(fixture);
    control.redo(prepare(fixture));
    control.writePreparedTransactions(AFTER);
    assertThat(data.resolve("pg_twophase")).isNotEmptyDirectory();
    return fixture;
  }

  private static ControlRedo begun(ControlFixture fixture) throws IOException {
    return begun(fixture, NEXT_XID);
  }

  private static ControlRedo begun(ControlFixture fixture, long nextXid) throws IOException {
    ControlRedo control = fixture.control();
    control.begin(ControlFixture.checkPoint(nextXid, 1, 0), false);
    return control;
  }

  private static DecodedXLogRecord prepare(ControlFixture fixture) {
    int length = 72 + 8 + 16;
    return fixture
        .record(Rmgr.TRANSACTION, PREPARE)
        .i32(0x57F94534, length + 4, XID, 5)
        .i64(0)
        .i32(10, 0, 0, 0, 0, 0, 0)
        .u16(0)
        .u16(2)
        .i64(0)
        .i64(0)
        .text("g", 8)
        .zeros(16)
        .decoded();
  }

  private static DecodedXLogRecord abort(ControlFixture fixture) {
    return fixture
        .record(Rmgr.TRANSACTION, ABORT_PREPARED | XLOG_XACT_HAS_INFO)
        .i64(0)
        .i32(XactCompletion.XACT_XINFO_HAS_TWOPHASE, XID)
        .decoded();
  }
}
