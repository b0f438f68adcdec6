package org.walstream.standby;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.standby.supply.ArchiveMode;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

class SpareSegmentsTest {

  private static final int SEGMENT = 1 << 20;

  @TempDir Path pgWal;

  private final RecordedFiles files = RecordedFiles.recording();
  private final WalSegmentSize size = new WalSegmentSize(SEGMENT);

  private Path segment(int number, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    content[bytes - 1] = 7;
    return Files.write(pgWal.resolve("0000000100000000%08X".formatted(number)), content);
  }

  @Test
  void theReceiverWritesOverWhatNobodyNeeds() throws Exception {
    try (var spares = new SpareSegments(files, pgWal, size)) {
      segment(1, SEGMENT);
      OldSegments.remove(files, pgWal, 3L * SEGMENT, size, ArchiveMode.OFF, spares);
      assertThat(pgWal.resolve("000000010000000000000001")).doesNotExist();
      try (var writer =
          new PgWalWriter(
              files,
              pgWal,
              TimelineId.FIRST,
              size,
              ArchiveMode.OFF,
              spares,
              (_, _) -> {},
              9L * SEGMENT)) {
        writer.append(9L * SEGMENT, ByteBuffer.wrap(new byte[] {1, 2}));
      }
      byte[] taken = Files.readAllBytes(pgWal.resolve("000000010000000000000009"));
      assertThat(taken).hasSize(SEGMENT).startsWith((byte) 1, (byte) 2).endsWith((byte) 7);
      assertThat(files.operations())
          .as("the old name is gone for good before there is other WAL in the file")
          .containsSubsequence(
              "rename 000000010000000000000001 to xlogtemp.%d.1"
                  .formatted(ProcessHandle.current().pid()),
              "force directory " + pgWal.getFileName(),
              "rename xlogtemp.%d.1 to 000000010000000000000009"
                  .formatted(ProcessHandle.current().pid()),
              "force 000000010000000000000009");
    }
  }

  @Test
  void onlyAFewWholeOnesAreKeptAndNoneIsLeft() throws Exception {
    try (var spares = new SpareSegments(files, pgWal, size)) {
      segment(1, 100);
      for (int number = 2; number < 12; number++) {
        segment(number, SEGMENT);
      }
      OldSegments.remove(files, pgWal, 20L * SEGMENT, size, ArchiveMode.OFF, spares);
      assertThat(files.list(pgWal))
          .hasSize(5)
          .allSatisfy(name -> assertThat(name).startsWith("xlogtemp."));
      assertThat(spares.take(pgWal.resolve("000000010000000000000021"))).isTrue();
    }
    assertThat(files.list(pgWal)).containsExactly("000000010000000000000021");
  }
}
