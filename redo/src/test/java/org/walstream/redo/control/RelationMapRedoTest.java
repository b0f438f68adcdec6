package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.wal.rmgr.RelMapRecord.UPDATE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.walstream.redo.RedoException;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;

class RelationMapRedoTest {

  @TempDir Path data;

  @ParameterizedTest
  @EnumSource(WalFormat.class)
  void theMapIsWrittenAsTheRecordHasIt(WalFormat format) throws IOException {
    var fixture = new ControlFixture(data, format);
    Path file = data.resolve("base/5/pg_filenode.map");
    Files.write(file, new byte[] {1});
    ControlRedo control = fixture.control();
    control.redo(map(fixture, 5, 1663, 2, format.relationMapLength()));
    control.redo(map(fixture, 0, 1664, 2, format.relationMapLength()));
    assertThat(fixture.required).hasSize(2);

    int crcAt = 8 + format.relationMappings() * 8;
    ByteBuffer map = fixture.file("base/5/pg_filenode.map");
    assertThat(map.capacity()).isEqualTo(format.relationMapLength());
    assertThat(map.getInt(0)).isEqualTo(0x592717);
    assertThat(map.getInt(4)).isEqualTo(2);
    assertThat(map.getInt(8)).isEqualTo(1259);
    var crc = new CRC32C();
    byte[] content = new byte[map.capacity()];
    map.get(0, content);
    crc.update(content, 0, crcAt);
    assertThat(map.getInt(crcAt)).isEqualTo((int) crc.getValue());
    assertThat(data.resolve("global/pg_filenode.map")).hasBinaryContent(content);
    assertThat(fixture.recorded.operations())
        .contains("force pg_filenode.map" + (inPlace(format) ? "" : ".tmp"));

    boolean renamed =
        fixture.recorded.operations().contains("rename pg_filenode.map.tmp to pg_filenode.map");
    assertThat(renamed).isEqualTo(!inPlace(format));
  }

  private static boolean inPlace(WalFormat format) {
    return format == WalFormat.PG_15;
  }

  @Test
  void aMapOfAnotherSizeIsRefused() throws IOException {
    var fixture = new ControlFixture(data, WalFormat.PG_18);
    ControlRedo control = fixture.control();
    assertThatThrownBy(() -> control.redo(map(fixture, 5, 1663, 2, 512)))
        .isInstanceOf(RedoException.class)
        .hasMessageEndingWith("wrong size 512 in relmap update record");
    assertThatThrownBy(() -> control.redo(map(fixture, 5, 1663, 65, 524)))
        .hasMessageEndingWith("attempt to write bogus relation mapping: 65");
    assertThat(data.resolve("base/5")).isEmptyDirectory();
  }

  @Test
  void aDatabaseThatHasGoneAlreadyIsMadeForIt() throws IOException {
    var fixture = new ControlFixture(data, WalFormat.PG_18);
    fixture.control().redo(map(fixture, 77, 1663, 2, 524));
    assertThat(data.resolve("base/77/pg_filenode.map")).hasSize(524);
  }

  private static DecodedXLogRecord map(
      ControlFixture fixture, int db, int ts, int mappings, int length) {
    return fixture
        .record(Rmgr.RELMAP, UPDATE)
        .i32(db, ts, length)
        .i32(0, mappings, 1259, 16400, 1249, 16401)
        .zeros(length - 24)
        .decoded();
  }
}
