package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.walstream.redo.page.CorruptPageException;

class GinPostingListTest {

  private static final long LAST_ITEM = (1L << 43) - 1;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  private final GinPostingListWriter writer = new GinPostingListWriter();
  private final GinPostingListReader reader = new GinPostingListReader();

  @Test
  void aTidIsOneNumber() {
    long item = GinPostingList.item(0xFEDCBA98, 291);
    assertThat(item).isEqualTo(0xFEDCBA98L * 2048 + 291);
    assertThat(GinPostingList.block(item)).isEqualTo(0xFEDCBA98);
    assertThat(GinPostingList.offset(item)).isEqualTo(291);
    assertThat(GinPostingList.item(-1, 2047)).isEqualTo(LAST_ITEM);
  }

  @Test
  void theFirstTidIsPlainAndTheOthersAreDistances() {
    assertThat(written(GinPostingList.item(0x10002, 3))).isEqualTo("010002000300" + "0000");
    long first = GinPostingList.item(0, 1);
    assertThat(written(first, first + 1)).isEqualTo("000000000100" + "0100" + "0100");
    assertThat(written(first, first + 127)).isEqualTo("000000000100" + "0100" + "7f00");
    assertThat(written(first, first + 128)).isEqualTo("000000000100" + "0200" + "8001");
    assertThat(written(first, first + 300, first + 301))
        .isEqualTo("000000000100" + "0300" + "ac020100");
    assertThat(written(0, LAST_ITEM)).isEqualTo("000000000000" + "0700" + "ffffffffffff0100");
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    for (int round = 0; round < 3_000; round++) {
      long[] items = randomItems();
      write(items);
      int size = writer.finish();
      byte[] list = new byte[size + 100];
      Arrays.fill(list, (byte) 0xFF);
      System.arraycopy(writer.array(), 0, list, 50, size);
      assertThat(GinPostingList.size(list, 50, list.length)).isEqualTo(size);
      assertThat(size % 2).isZero();
      assertThat(read(list, 50)).as("seed %d", seed).isEqualTo(items);
    }
  }

  /// What makes VACUUM sure of its room.
  @Test
  void aListWithoutAnItemIsNeverLonger() {
    for (int round = 0; round < 3_000; round++) {
      long[] items = randomItems();
      if (items.length < 2) {
        continue;
      }
      int without = random.nextInt(items.length);
      write(items);
      int size = writer.finish();
      write(Arrays.stream(items).filter(item -> item != items[without]).toArray());
      assertThat(writer.finish()).as("seed %d", seed).isLessThanOrEqualTo(size);
    }
  }

  @Test
  void itemsThatAreNotInOrderAreNoList() {
    write(5, 6);
    assertCorrupt(() -> writer.add(6));
    write(5, 6);
    assertCorrupt(() -> writer.add(4));
  }

  @Test
  void moreItemsThanAPageHasRoomForAreNoList() {
    writer.begin();
    assertCorrupt(() -> {
      for (int item = 1; item < 9000; item++) {
        writer.add(item);
      }
    });
  }

  @Test
  void noTableHasRowsThere() {
    assertCorrupt(() -> GinPostingList.item(7, 2048));
    assertCorrupt(() -> read(list("000000000100", "0700", "ffffffffffff7f"), 0));
  }

  @Test
  void halfAnItemIsNone() {
    assertCorrupt(() -> read(list("000000000100", "0200", "0181"), 0));
    assertCorrupt(() -> read(list("000000000100", "0800", "8080808080808000"), 0));
  }

  @Test
  void aListThatEndsBehindTheEndIsNone() {
    byte[] list = list("000000000100", "0300", "01010100");
    assertThat(GinPostingList.size(list, 0, 12)).isEqualTo(12);
    assertCorrupt(() -> GinPostingList.size(list, 0, 11));
    assertCorrupt(() -> GinPostingList.size(list, 0, 7));
    assertCorrupt(() -> GinPostingList.size(list, 12, 12));
  }

  private long[] randomItems() {
    int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 800 : 20);
    long item = random.nextLong(1L << random.nextInt(1, 40));
    var items = new ArrayList<Long>();
    while (items.size() < count && item <= LAST_ITEM) {
      items.add(item);
      item += 1 + random.nextLong(1L << random.nextInt(1, 36));
    }
    return items.stream().mapToLong(Long::longValue).toArray();
  }

  private void write(long... items) {
    writer.begin();
    for (long item : items) {
      writer.add(item);
    }
  }

  private String written(long... items) {
    write(items);
    return HexFormat.of().formatHex(writer.array(), 0, writer.finish());
  }

  private long[] read(byte[] list, int at) {
    var items = new ArrayList<Long>();
    reader.begin(list, at);
    while (reader.next()) {
      items.add(reader.item());
    }
    return items.stream().mapToLong(Long::longValue).toArray();
  }

  private static byte[] list(String first, String nbytes, String bytes) {
    return HexFormat.of().parseHex(first + nbytes + bytes);
  }

  private static void assertCorrupt(Runnable code) {
    assertThatThrownBy(code::run).isInstanceOf(CorruptPageException.class);
  }
}
