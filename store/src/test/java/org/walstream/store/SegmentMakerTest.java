package org.walstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;
import static org.walstream.store.SampleWal.START;
import static org.walstream.store.SampleWal.TIMELINE;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.WalSegmentName;

/// Which storage a segment to come is given.
class SegmentMakerTest {

  private static final List<String> RESERVED = List.of("delete", "create", "reserve", "force");
  private static final List<String> FILLED =
      List.of("delete", "create", "reserve", "write", "force");

  @TempDir Path directory;

  private final RecordedFiles files = RecordedFiles.recording();
  private WalSegmentName next = WalSegmentName.containing(TIMELINE, START, SEGMENT_SIZE);
  private long now = 1;

  @Test
  void aSlowStreamGetsZerosAndAFastOneAReservation() throws IOException {
    var maker = maker(StoreOptions.DEFAULT);
    assertThat(stepsOfNext(maker)).as("nobody knows yet").isEqualTo(RESERVED);
    now += TimeUnit.MILLISECONDS.toNanos(100);
    assertThat(stepsOfNext(maker)).isEqualTo(RESERVED);
    now += TimeUnit.SECONDS.toNanos(5);
    assertThat(stepsOfNext(maker)).isEqualTo(FILLED);
    now += TimeUnit.MILLISECONDS.toNanos(100);
    assertThat(stepsOfNext(maker)).isEqualTo(RESERVED);
  }

  @Test
  void whereCommitsWaitThereAreZerosFromTheBeginning() throws IOException {
    assertThat(stepsOfNext(maker(StoreOptions.DEFAULT.withSynchronous(true)))).isEqualTo(FILLED);
  }

  private SegmentMaker maker(StoreOptions options) {
    StoreOptions recorded = options.withFiles(files);
    var walDirectory = new WalDirectory(directory, recorded);
    return new SegmentMaker(walDirectory, recorded, new SpareSegments(walDirectory, 0), () -> now);
  }

  /// What is done to the file, each thing once.
  private List<String> stepsOfNext(SegmentMaker maker) throws IOException {
    files.clearOperations();
    maker.make(next).writer().close();
    next = next.next();
    return files.operations().stream()
        .map(operation -> operation.substring(0, operation.indexOf(' ')))
        .distinct()
        .toList();
  }
}
