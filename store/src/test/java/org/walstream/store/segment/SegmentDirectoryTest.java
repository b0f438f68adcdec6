package org.walstream.store.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.store.SampleWal.SEGMENT_SIZE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.file.FileLayer;
import org.walstream.store.SampleWal;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;

class SegmentDirectoryTest {

  @TempDir Path path;

  private SegmentDirectory directory;

  @BeforeEach
  void open() {
    directory = new SegmentDirectory(FileLayer.system(), path);
  }

  @Test
  void anEmptyDirectoryHasNeitherNewestNorIdentity() throws IOException {
    Files.createFile(path.resolve(".walstream.lock"));
    Files.createDirectory(path.resolve("archive_status"));
    assertThat(directory.newest(SEGMENT_SIZE)).isEmpty();
    assertThat(directory.identity()).isEmpty();
  }

  @Test
  void identityIsThatOfTheNewestSegmentWithAReadableFirstPage() throws IOException {
    SampleWal wal = SampleWal.ofBytes(1, 100_000);
    var segment = SampleWal.segmentAt(SampleWal.START);
    Files.write(path.resolve(segment.fileName()), wal.segment(segment, wal.endLsn()));
    Files.write(path.resolve(segment.next().partialFileName()), new byte[1 << 20]);
    Files.write(path.resolve(segment.next().next().fileName()), new byte[10]);
    assertThat(directory.identity())
        .contains(new SegmentIdentity(SampleWal.SYSTEM_IDENTIFIER, SEGMENT_SIZE));
  }

  @Test
  void finishedFilesOfAWrongSizeArePassedOverButPartialOnesAreNot() throws IOException {
    sized("000000010000000000000004", 1 << 20);
    sized("000000010000000000000005", 100);
    assertThat(newest()).isEqualTo("000000010000000000000004");
    sized("000000010000000000000005.partial", 100);
    assertThat(newest()).isEqualTo("000000010000000000000005.partial");
  }

  /// The model is FindStreamingStart's own way to choose, one file after the other.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void choosesTheNewestAsPgReceivewalDoes(long seed) throws IOException {
    var random = new Random(seed);
    var names = new TreeMap<String, Boolean>();
    String best = "";
    long bestSegment = -1;
    int bestTimeline = 0;
    boolean bestPartial = false;
    for (int i = random.nextInt(12); i >= 0; i--) {
      int timeline = 1 + random.nextInt(3);
      long number = random.nextInt(5);
      boolean partial = random.nextBoolean();
      var segment = new WalSegmentName(new TimelineId(timeline), number, SEGMENT_SIZE);
      names.put(partial ? segment.partialFileName() : segment.fileName(), random.nextInt(4) > 0);
    }
    for (var entry : names.entrySet()) {
      String name = entry.getKey();
      boolean whole = entry.getValue();
      sized(name, whole ? 1 << 20 : 77);
      var found = SegmentFileName.parse(name, SEGMENT_SIZE).orElseThrow();
      boolean partial = !found.isFinished();
      if (!partial && !whole) {
        continue;
      }
      long number = found.segment().segmentNumber();
      int timeline = found.segment().timeline().value();
      if (number > bestSegment
          || (number == bestSegment && timeline > bestTimeline)
          || (number == bestSegment && timeline == bestTimeline && bestPartial && !partial)) {
        best = name;
        bestSegment = number;
        bestTimeline = timeline;
        bestPartial = partial;
      }
    }
    assertThat(newest()).as("seed %d: %s", seed, names).isEqualTo(best);
  }

  private String newest() throws IOException {
    return directory.newest(SEGMENT_SIZE).map(SegmentFileName::fileName).orElse("");
  }

  private void sized(String name, int bytes) throws IOException {
    Files.write(path.resolve(name), new byte[bytes]);
  }
}
