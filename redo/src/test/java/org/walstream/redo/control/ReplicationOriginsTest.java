package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.ReplicationOriginRecord;
import org.walstream.wal.rmgr.Rmgr;

class ReplicationOriginsTest {

  @TempDir Path data;

  private ControlFixture fixture;
  private ControlRedo control;

  @BeforeEach
  void begin() throws IOException {
    fixture = new ControlFixture(data, WalFormat.PG_17);
    control = begun();
  }

  @Test
  void goesBackOnlyWhenForced() throws IOException {
    control.redo(set(1, 100, false));
    control.redo(set(1, 50, false));
    assertThat(written()).isEqualTo("1:100 ");
    control.redo(set(1, 50, true));
    assertThat(written()).isEqualTo("1:50 ");
    assertThat(fixture.required).isNotEmpty();
  }

  @Test
  void aNewOneTakesThePlaceOfOneThatHasGone() throws IOException {
    control.redo(set(1, 100, false));
    control.redo(set(2, 200, false));
    control.redo(set(3, 300, false));
    control.redo(drop(2));
    control.redo(drop(9));
    assertThat(written()).isEqualTo("1:100 3:300 ");
    control.redo(set(4, 400, false));
    assertThat(written()).isEqualTo("1:100 4:400 3:300 ");
    control = begun();
    assertThat(written()).as("read and written").isEqualTo("1:100 4:400 3:300 ");
  }

  @Test
  void changesOfNobodyAreNotKept() throws IOException {
    control.redo(set(0xFFFF, 100, false));
    assertThat(written()).isEmpty();
  }

  @Test
  void aDamagedFileEndsTheStart() throws IOException {
    control.redo(set(1, 100, false));
    written();
    Path file = data.resolve("pg_logical/replorigin_checkpoint");
    byte[] content = Files.readAllBytes(file);
    content[6]++;
    Files.write(file, content);
    assertThatThrownBy(this::begun).hasMessageContaining("wrong checksum");
    content[0]++;
    Files.write(file, content);
    assertThatThrownBy(this::begun)
        .hasMessageStartingWith("replication checkpoint has wrong magic");
    Files.write(file, new byte[13]);
    assertThatThrownBy(this::begun).hasMessageContaining("13 bytes");
  }

  private ControlRedo begun() throws IOException {
    ControlRedo begun = fixture.control();
    begun.begin(ControlFixture.checkPoint(600, 1, 0), false);
    return begun;
  }

  /// The file's origins and where they are.
  private String written() throws IOException {
    control.writeOrigins();
    ByteBuffer file = fixture.file("pg_logical/replorigin_checkpoint");
    assertThat(file.getInt(0)).isEqualTo(0x1257DADE);
    var text = new StringBuilder();
    for (int at = 4; at < file.capacity() - 4; at += 16) {
      assertThat(file.getShort(at + 2)).isZero();
      assertThat(file.getInt(at + 4)).isZero();
      text.append("%d:%d ".formatted(file.getShort(at), file.getLong(at + 8)));
    }
    return text.toString();
  }

  private DecodedXLogRecord set(int node, long lsn, boolean force) {
    return fixture
        .record(Rmgr.REPLICATION_ORIGIN, ReplicationOriginRecord.SET)
        .i64(lsn)
        .u16(node)
        .u8(force ? 1 : 0)
        .zeros(5)
        .decoded();
  }

  private DecodedXLogRecord drop(int node) {
    return fixture
        .record(Rmgr.REPLICATION_ORIGIN, ReplicationOriginRecord.DROP)
        .u16(node)
        .decoded();
  }
}
