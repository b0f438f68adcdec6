package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.walstream.redo.RedoException;
import org.walstream.wal.WalFormat;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.control.WalLevel;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.XLogRmgrRecord;

class ControlRedoTest {

  @TempDir Path data;

  private ControlFixture fixture;
  private ControlRedo control;

  @BeforeEach
  void begin() throws IOException {
    fixture = new ControlFixture(data, WalFormat.PG_18);
    control = fixture.control();
    control.begin(ControlFixture.checkPoint(600, 1, 0), false);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"HEAP", "BTREE", "HASH", "GIN", "GIST", "SEQUENCE", "SPGIST", "BRIN", "GENERIC"})
  void recordsOfPagesAloneOnlyPassTheirTransaction(Rmgr rmgr) throws IOException {
    fixture.recorded.clearOperations();
    control.redo(fixture.record(rmgr, 0xF0).decoded());
    assertThat(control.nextXid()).isEqualTo(701);
    control.flush();
    assertThat(fixture.recorded.operations()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "TRANSACTION",
        "STORAGE",
        "CLOG",
        "COMMIT_TS",
        "MULTIXACT",
        "DATABASE",
        "TABLESPACE",
        "RELMAP",
        "REPLICATION_ORIGIN"
      })
  void recordsThatAreNotUnderstoodEndReplay(Rmgr rmgr) {
    assertThatThrownBy(() -> control.redo(fixture.record(rmgr, 0x70).decoded()))
        .isInstanceOf(RedoException.class)
        .hasMessage(
            "WAL redo at 0/1000028 for %s/UNKNOWN (70): unknown op code 112", rmgr.rmgrName());
  }

  @Test
  void anExtensionsRecordIsNobodysHere() throws IOException {
    control.redo(CraftedRecord.of(fixture.format, 131, 0x10).i32(1).decoded());
    DecodedXLogRecord nobody = CraftedRecord.of(fixture.format, 30, 0).decoded();
    assertThatThrownBy(() -> control.redo(nobody))
        .isInstanceOf(RedoException.class)
        .hasMessageContaining("there is no resource manager with ID 30");
  }

  @Test
  void tellsTheLastCheckPoint() throws IOException {
    assertThat(control.lastCheckPoint()).isNull();
    CheckPoint online = ControlFixture.checkPoint(900, 1, 0);
    control.redo(checkpoint(XLogRmgrRecord.CHECKPOINT_ONLINE, online));
    assertThat(control.nextXid()).isEqualTo(900);
    control.redo(
        checkpoint(XLogRmgrRecord.CHECKPOINT_ONLINE, ControlFixture.checkPoint(800, 1, 0)));
    assertThat(control.nextXid()).isEqualTo(900);
    CheckPoint shutdown = ControlFixture.checkPoint(850, 1, 0);
    control.redo(checkpoint(XLogRmgrRecord.CHECKPOINT_SHUTDOWN, shutdown));
    assertThat(control.nextXid()).isEqualTo(850);
    var last = Objects.requireNonNull(control.lastCheckPoint());
    assertThat(last.lsn()).isEqualTo(0x1000028);
    assertThat(last.endLsn()).isGreaterThan(last.lsn());
    assertThat(last.shutdown()).isTrue();
    assertThat(last.checkPoint().nextXid()).isEqualTo(850);
  }

  @Test
  void tellsTheParametersOfThePrimary() throws IOException {
    assertThat(control.parameters()).isNull();
    control.redo(parameters(2));
    var parameters = Objects.requireNonNull(control.parameters());
    assertThat(parameters.walLevel()).isEqualTo(WalLevel.LOGICAL);
    assertThat(parameters.maxConnections()).isEqualTo(100);
    assertThat(parameters.maxWorkerProcesses()).isEqualTo(8);
    assertThat(parameters.maxWalSenders()).isEqualTo(10);
    assertThat(parameters.maxPreparedTransactions()).isEqualTo(5);
    assertThat(parameters.maxLocksPerTransaction()).isEqualTo(64);
    assertThat(parameters.walLogHints()).isTrue();
    assertThat(parameters.trackCommitTimestamp()).isFalse();
    assertThatThrownBy(() -> control.redo(parameters(9))).hasMessageEndingWith("wal_level 9");
  }

  private DecodedXLogRecord parameters(int walLevel) {
    return fixture
        .record(Rmgr.XLOG, XLogRmgrRecord.PARAMETER_CHANGE)
        .i32(100, 8, 10, 5, 64, walLevel)
        .u8(1)
        .u8(0)
        .zeros(2)
        .decoded();
  }

  private DecodedXLogRecord checkpoint(int info, CheckPoint checkPoint) {
    byte[] bytes = new byte[CheckPoint.LENGTH];
    checkPoint.write(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), 0, fixture.format);
    return fixture.record(Rmgr.XLOG, info).bytes(bytes).decoded();
  }
}
