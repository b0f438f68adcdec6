package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HashBucketsTest {

  @Test
  void tenSplitPointsDoubleAndTheOthersTakeFourStepsToIt() {
    int[] totals = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 640, 768, 896, 1024, 1280, 1536, 1792};
    for (int splitpoint = 0; splitpoint < totals.length; splitpoint++) {
      assertThat(HashBuckets.total(splitpoint)).isEqualTo(totals[splitpoint]);
    }
    assertThat(HashBuckets.total(93)).isEqualTo(0x40000000);
  }

  @Test
  void everyNumberOfBucketsHasTheFirstSplitPointThatHasThem() {
    for (int buckets = 1; buckets < 200_000; buckets++) {
      int splitpoint = HashBuckets.splitpoint(buckets);
      assertThat(HashBuckets.total(splitpoint)).isGreaterThanOrEqualTo(buckets);
      if (splitpoint > 0) {
        assertThat(HashBuckets.total(splitpoint - 1)).isLessThan(buckets);
      }
    }
    assertThat(HashBuckets.splitpoint(0x40000000)).isEqualTo(93);
  }

  @Test
  void anIndexBeginsWithBucketsForItsTuples() {
    assertThat(HashBuckets.initial(0, 307)).isEqualTo(2);
    assertThat(HashBuckets.initial(614, 307)).isEqualTo(2);
    assertThat(HashBuckets.initial(615 + 306, 307)).isEqualTo(4);
    assertThat(HashBuckets.initial(200_000, 307)).isEqualTo(768);
    assertThat(HashBuckets.initial(1e30, 307)).isEqualTo(0x40000000);
    assertThat(HashBuckets.initial(1, 0)).isEqualTo(0x40000000);
    assertThat(HashBuckets.initial(Double.NaN, 307)).isEqualTo(1);
  }
}
