package org.walstream.send.walsender;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentSize;

class MessageBoundsTest {

  private static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;

  @Test
  void sendsWhatIsThereWhenItIsLittle() {
    assertThat(MessageBounds.end(0x3000028, 0x3000100, SIZE)).isEqualTo(0x3000100);
  }

  @Test
  void endsOnAPageBoundaryWhenThereIsMore() {
    assertThat(MessageBounds.end(0x3000028, 0x3F00001, SIZE)).isEqualTo(0x3020000);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyMessageMovesOnAndStaysWithinItsSegment(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      var size = new WalSegmentSize(1 << (20 + random.nextInt(11)));
      long start = random.nextLong() >>> random.nextInt(1, 60);
      long limit = start + 1 + random.nextInt(1 << random.nextInt(1, 30));
      long end = MessageBounds.end(start, limit, size);
      assertThat(Lsn.isAfter(end, start))
          .as("seed %d start %x limit %x", seed, start, limit)
          .isTrue();
      assertThat(Lsn.isAfter(end, limit)).isFalse();
      assertThat(end - start).isLessThanOrEqualTo(WalBuffers.BYTES);
      assertThat(size.segmentNumberOfEnd(end)).isEqualTo(size.segmentNumber(start));
      assertThat(end == limit || end % 8192 == 0).isTrue();
    }
  }
}
