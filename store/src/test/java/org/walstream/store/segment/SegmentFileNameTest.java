package org.walstream.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.store.compress.Compression.Method;
import org.walstream.store.segment.SegmentFileName.Stage;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

class SegmentFileNameTest {

  private static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;
  private static final List<Method> METHODS = List.of(Method.values());
  private static final List<Stage> STAGES = List.of(Stage.values());

  @ParameterizedTest
  @CsvSource({
    "000000010000000000000003, NONE, FINISHED",
    "000000010000000000000003.partial, NONE, PARTIAL",
    ".000000010000000000000003.next, NONE, NEXT",
    "000000010000000000000003.gz, GZIP, FINISHED",
    "000000010000000000000003.gz.partial, GZIP, PARTIAL",
    "000000010000000000000003.lz4.partial, LZ4, PARTIAL",
    ".000000010000000000000003.zst.next, ZSTD, NEXT",
  })
  void readsAndWritesNames(String fileName, Method method, Stage stage) {
    var name = SegmentFileName.parse(fileName, SIZE).orElseThrow();
    assertThat(name.method()).isEqualTo(method);
    assertThat(name.stage()).isEqualTo(stage);
    assertThat(name.segment().segmentNumber()).isEqualTo(3);
    assertThat(name.fileName()).isEqualTo(fileName);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".partial",
        "00000002.history",
        ".walstream.lock",
        ".00000001.spare",
        ".next",
        "000000010000000000000003.next",
        ".000000010000000000000003",
        "000000010000000000000003.",
        "000000010000000000000003.partial.gz",
        "000000010000000000000003.partial.partial",
        "00000001000000000000000g",
        "000000000000000000000003",
        "000000010000000000000100",
        "000000010000000000000003.backup",
        "000000010000000000000003.00000028.backup",
        "archive_status",
      })
  void passesOverEverythingElse(String fileName) {
    assertThat(SegmentFileName.parse(fileName, SIZE)).isEmpty();
  }

  /// pg_receivewal takes as the newest the highest segment number, then the highest timeline, then
  /// a finished file before a partial one.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void ordersAsPgReceivewalChooses(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      SegmentFileName a = random(random);
      SegmentFileName b = random(random);
      int expected = Long.compare(a.segment().segmentNumber(), b.segment().segmentNumber());
      if (expected == 0) {
        expected = a.segment().timeline().compareTo(b.segment().timeline());
      }
      if (expected == 0) {
        expected = a.stage().compareTo(b.stage());
      }
      int order = Integer.signum(SegmentFileName.ORDER.compare(a, b));
      if (expected != 0) {
        assertThat(order).as("seed %d: %s, %s", seed, a, b).isEqualTo(Integer.signum(expected));
      }
      assertThat(SegmentFileName.parse(a.fileName(), SIZE)).contains(a);
    }
  }

  @Test
  void prefersThePlainFileOfASegment() {
    var plain = SegmentFileName.parse("000000010000000000000003", SIZE).orElseThrow();
    var packed = SegmentFileName.parse("000000010000000000000003.gz", SIZE).orElseThrow();
    assertThat(SegmentFileName.ORDER.compare(packed, plain)).isNegative();
  }

  private static SegmentFileName random(Random random) {
    return new SegmentFileName(
        new WalSegmentName(
            new TimelineId(1 + random.nextInt(3)),
            random.nextInt(3) + (random.nextBoolean() ? 0 : 254),
            SIZE),
        METHODS.get(random.nextInt(METHODS.size())),
        STAGES.get(random.nextInt(STAGES.size())));
  }
}
