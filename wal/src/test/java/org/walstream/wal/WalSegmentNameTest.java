package org.walstream.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalSegmentNameTest {

  @Test
  void namesTheSegmentOfAPositionAsPostgresDoes() {
    var name =
        WalSegmentName.containing(
            new TimelineId(3), Lsn.parse("2/A3000028").value(), WalSegmentSize.DEFAULT);
    assertThat(name.fileName()).isEqualTo("0000000300000002000000A3");
    assertThat(name.partialFileName()).isEqualTo("0000000300000002000000A3.partial");
    assertThat(Lsn.format(name.startLsn())).isEqualTo("2/A3000000");
    assertThat(Lsn.format(name.endLsn())).isEqualTo("2/A4000000");
  }

  @Test
  void carriesOverFourGigabytes() {
    var last =
        WalSegmentName.parse("0000000100000000000000FF", WalSegmentSize.DEFAULT).orElseThrow();
    assertThat(last.next().fileName()).isEqualTo("000000010000000100000000");
    var large =
        WalSegmentName.parse("000000010000000000000003", new WalSegmentSize(1 << 30)).orElseThrow();
    assertThat(large.next().fileName()).isEqualTo("000000010000000100000000");
  }

  @Test
  void refusesNamesThatNoSegmentOfThatSizeHas() {
    assertThat(WalSegmentName.parse("000000010000000000000100", WalSegmentSize.DEFAULT)).isEmpty();
    assertThat(WalSegmentName.parse("000000010000000000000004", new WalSegmentSize(1 << 30)))
        .isEmpty();
    assertThat(WalSegmentName.parse("00000000000000000000000A", WalSegmentSize.DEFAULT)).isEmpty();
    assertThat(WalSegmentName.parse("00000001000000000000000a", WalSegmentSize.DEFAULT)).isEmpty();
    assertThat(WalSegmentName.parse("000000010000000000000001.partial", WalSegmentSize.DEFAULT))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 3 << 20, 1 << 19, -(1 << 31)})
  void refusesSizesPostgresCannotHave(int bytes) {
    assertThatThrownBy(() -> new WalSegmentSize(bytes))
        .hasMessageContaining("invalid WAL segment size");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
  void everyPositionLiesInsideItsSegment(int power) {
    var size = new WalSegmentSize(1 << power);
    var random = RandomGenerator.of("L64X128MixRandom");
    for (int i = 0; i < 1000; i++) {
      long lsn = random.nextLong() >>> random.nextInt(64);
      var name = WalSegmentName.containing(TimelineId.FIRST, lsn, size);
      assertThat(WalSegmentName.parse(name.fileName(), size)).as(Lsn.format(lsn)).contains(name);
      assertThat(name.startLsn() + size.offset(lsn)).isEqualTo(lsn);
      assertThat(size.startOfSegment(lsn)).isEqualTo(name.startLsn());
      assertThat(lsn + size.remaining(lsn)).isEqualTo(name.endLsn());
    }
  }
}
