package org.walstream.standby;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.walstream.file.FileLayer;
import org.walstream.standby.supply.ArchiveMode;
import org.walstream.wal.WalSegmentSize;

class OldSegmentsTest {

  private static final int SEGMENT = 16 << 20;

  @TempDir Path pgWal;

  @Test
  void onlyWhatIsNeitherNeededNorKeptNorToBeArchivedGoes() throws Exception {
    removeBefore4(ArchiveMode.ALWAYS);
    assertThat(FileLayer.system().list(pgWal))
        .containsExactly(
            "000000010000000000000001",
            "000000010000000000000002",
            "000000010000000000000004",
            "000000010000000000000005",
            "000000010000000000000006",
            "00000002.history",
            "000000020000000000000002",
            "archive_status");
    assertThat(FileLayer.system().list(pgWal.resolve("archive_status")))
        .as("what had no mark has one")
        .containsExactly(
            "000000010000000000000001.ready",
            "000000010000000000000002.ready",
            "000000020000000000000002.ready");
  }

  @ParameterizedTest
  @EnumSource(names = {"OFF", "ON"})
  void whatABackupMeantToArchiveGoesTooWhereNothingIsArchived(ArchiveMode mode) throws Exception {
    removeBefore4(mode);
    assertThat(FileLayer.system().list(pgWal))
        .containsExactly(
            "000000010000000000000004",
            "000000010000000000000005",
            "000000010000000000000006",
            "00000002.history",
            "archive_status");
    assertThat(FileLayer.system().list(pgWal.resolve("archive_status"))).isEmpty();
  }

  private void removeBefore4(ArchiveMode mode) throws Exception {
    Files.createDirectory(pgWal.resolve("archive_status"));
    for (int number = 1; number <= 6; number++) {
      Files.createFile(pgWal.resolve("0000000100000000%08X".formatted(number)));
    }
    Files.createFile(pgWal.resolve("000000020000000000000002"));
    Files.createFile(pgWal.resolve("00000002.history"));
    Files.createFile(pgWal.resolve("archive_status/000000010000000000000001.ready"));
    Files.createFile(pgWal.resolve("archive_status/000000010000000000000003.done"));
    var size = new WalSegmentSize(SEGMENT);
    try (var spares = new SpareSegments(FileLayer.system(), pgWal, size)) {
      OldSegments.remove(FileLayer.system(), pgWal, 4L * SEGMENT + 100, size, mode, spares);
    }
  }
}
