package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.wal.WalFormat;
import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.Rmgr;

class RewriteMappingsTest {

  private static final String NAME = "map-5-4eb-1_14C9A48-2f1-2bc";

  @TempDir Path data;

  private ControlFixture fixture;
  private ControlRedo control;
  private Path file;

  @BeforeEach
  void makeDirectories() throws IOException {
    fixture = new ControlFixture(data, WalFormat.PG_16);
    control = fixture.control();
    file = data.resolve("pg_logical/mappings").resolve(NAME);
  }

  @Test
  void growsByWhatEachRecordHas() throws IOException {
    rewrite(0, 3, 1);
    rewrite(108, 1, 2);
    assertThat(content()).hasSize(144).endsWith(new byte[] {2, 2}).startsWith(new byte[] {1, 1});
    rewrite(0, 3, 1);
    assertThat(content()).as("replayed again, what was behind has gone").hasSize(108);
    rewrite(108, 1, 2);
    assertThat(content()).hasSize(144);
  }

  @Test
  void goesWhenNobodyDecodesWalFromBefore() throws IOException {
    rewrite(0, 1, 1);
    Files.createFile(file.resolveSibling("other"));
    DatabaseRedoTest.writeSlot(data, "old", 5, 0x1_014C_9A48L, 0);
    DatabaseRedoTest.writeSlot(data, "physical", 0, 0x1_0000_0000L, 0);
    control.removeRewriteMappings(0x2_0000_0000L);
    assertThat(file).exists();
    DatabaseRedoTest.writeSlot(data, "old", 5, 0x1_014C_9A49L, 0);
    control.removeRewriteMappings(0x2_0000_0000L);
    assertThat(file).doesNotExist();

    rewrite(0, 1, 1);
    DatabaseRedoTest.writeSlot(data, "old", 5, 0x1_0000_0000L, 1);
    control.removeRewriteMappings(0x1_0000_0000L);
    assertThat(fixture.files.list(data.resolve("pg_logical/mappings")))
        .as("no slot is left")
        .containsExactly("other");
  }

  private byte[] content() throws IOException {
    return Files.readAllBytes(file);
  }

  private void rewrite(long offset, int mappings, int value) throws IOException {
    byte[] bytes = new byte[mappings * 36];
    Arrays.fill(bytes, (byte) value);
    control.redo(
        fixture
            .record(Rmgr.HEAP2, Heap2Record.REWRITE)
            .i32(0x2F1, 5, 0x4EB, 0)
            .i64(offset)
            .i32(mappings, 0)
            .i64(0x1_014C_9A48L)
            .bytes(bytes)
            .decoded());
  }
}
