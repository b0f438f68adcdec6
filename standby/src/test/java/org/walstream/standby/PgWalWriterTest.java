package org.walstream.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.standby.supply.ArchiveMode;
import org.walstream.store.WalLogFailedException;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

class PgWalWriterTest {

  private static final int SEGMENT = 1 << 20;
  private static final String FIRST = "000000010000000000000003";
  private static final String SECOND = "000000010000000000000004";
  private static final long START = 3L * SEGMENT;

  @TempDir Path pgWal;

  private PgWalWriter writer(RecordedFiles files, ArchiveMode mode) {
    return new PgWalWriter(
        files,
        pgWal,
        TimelineId.FIRST,
        new WalSegmentSize(SEGMENT),
        mode,
        new SpareSegments(files, pgWal, new WalSegmentSize(SEGMENT)),
        (_, _) -> {},
        START);
  }

  private static ByteBuffer bytes(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return ByteBuffer.wrap(bytes);
  }

  @Test
  void aSegmentIsWholeFromTheBeginningAndZeroBehindWhatIsWritten() throws IOException {
    try (var writer = writer(RecordedFiles.recording(), ArchiveMode.ON)) {
      writer.append(START, bytes(1000, 7));
      assertThat(writer.written().lsn()).isEqualTo(START + 1000);
      byte[] file = Files.readAllBytes(pgWal.resolve(FIRST));
      assertThat(file).hasSize(SEGMENT);
      assertThat(file[999]).isEqualTo((byte) 7);
      assertThat(file[1000]).isZero();
      writer.flush(START + 1000);
      assertThat(writer.flushed().lsn()).isEqualTo(START + 1000);
    }
  }

  @Test
  void aFullSegmentIsDurableAndNeedNotBeArchived() throws IOException {
    try (var writer = writer(RecordedFiles.recording(), ArchiveMode.ON)) {
      writer.append(START, bytes(SEGMENT + 10, 7));
      writer.flush(START + SEGMENT + 10);
    }
    assertThat(pgWal.resolve("archive_status/" + FIRST + ".done")).exists();
    assertThat(pgWal.resolve("archive_status/" + SECOND + ".done")).doesNotExist();
    assertThat(Files.readAllBytes(pgWal.resolve(SECOND))[9]).isEqualTo((byte) 7);
  }

  @Test
  void withArchiveModeAlwaysItIsToBeArchived() throws IOException {
    try (var writer = writer(RecordedFiles.recording(), ArchiveMode.ALWAYS)) {
      writer.append(START, bytes(SEGMENT, 7));
    }
    assertThat(pgWal.resolve("archive_status/" + FIRST + ".ready")).exists();
  }

  @Test
  void whatIsThereIsWrittenOverAndWhatIsCutOffMadeWhole() throws IOException {
    Files.write(pgWal.resolve(FIRST), bytes(2000, 3).array());
    try (var writer = writer(RecordedFiles.recording(), ArchiveMode.OFF)) {
      writer.append(START, bytes(1000, 7));
    }
    byte[] file = Files.readAllBytes(pgWal.resolve(FIRST));
    assertThat(file).hasSize(SEGMENT);
    assertThat(file[999]).isEqualTo((byte) 7);
    assertThat(file[1000]).isEqualTo((byte) 3);
    assertThat(file[2000]).isZero();
  }

  @Test
  void nothingIsFlushedBeforeItIsForced() throws IOException {
    Files.write(pgWal.resolve(FIRST), new byte[SEGMENT]);
    var forced = new CountDownLatch(1);
    var files =
        new RecordedFiles(operation -> {
          if (operation.equals("force " + FIRST)) {
            try {
              forced.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        });
    try (var writer = writer(files, ArchiveMode.OFF)) {
      writer.append(START, bytes(1000, 7));
      writer.requestFlush();
      assertThat(writer.flushed().await(START, 50_000_000)).isFalse();
      forced.countDown();
      writer.flush(START + 1000);
    }
  }

  @Test
  void afterAFailedForceNothingIsPromisedAnyMore() throws IOException {
    Files.write(pgWal.resolve(FIRST), new byte[SEGMENT]);
    var files =
        new RecordedFiles(operation -> {
          if (operation.equals("force " + FIRST)) {
            throw new IOException("Input/output error");
          }
        });
    var writer = writer(files, ArchiveMode.OFF);
    writer.append(START, bytes(1000, 7));
    assertThatThrownBy(() -> writer.flush(START + 1000))
        .isInstanceOfSatisfying(WalLogFailedException.class, e -> assertThat(e.isFinal()).isTrue())
        .hasMessageContaining("Input/output error");
    assertThatThrownBy(() -> writer.append(START + 1000, bytes(1, 1)))
        .isInstanceOf(WalLogFailedException.class);
    assertThat(writer.flushed().lsn()).isEqualTo(START);
    assertThatThrownBy(writer::close).isInstanceOf(WalLogFailedException.class);
  }
}
