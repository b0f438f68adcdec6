package org.walstream.wal.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jpountz.lz4.LZ4Factory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;

class PageImageTest {

  private static final int PAGE = 8192;
  private static final int HOLE_AT = 1000;
  private static final int HOLE_LENGTH = 5000;

  private static final int HAS_HOLE = BlockReference.BKPIMAGE_HAS_HOLE;
  private static final int APPLY = BlockReference.BKPIMAGE_APPLY;
  private static final int PGLZ = 0x04;
  private static final int LZ4 = 0x08;
  private static final int ZSTD = 0x10;

  private static final int ROUNDS = Integer.getInteger("walstream.test.rounds", 20_000);

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  private final PageImage images = new PageImage();
  private final byte[] page = new byte[PAGE];
  private final MemorySegment frames = Arena.ofAuto().allocate(3 * PAGE);

  @Test
  void restoresAPageStoredWhole() {
    byte[] whole = wordy(PAGE);
    assertThat(restore(APPLY, whole, 0, 0)).isNull();
    assertThat(page).isEqualTo(whole);
  }

  @Test
  void zeroesTheHole() {
    byte[] stored = wordy(PAGE - HOLE_LENGTH);
    Arrays.fill(page, (byte) 1);
    assertThat(restore(HAS_HOLE, stored, HOLE_AT, 0)).isNull();
    assertThat(page).isEqualTo(withHole(stored));
  }

  @Test
  void restoresWhatLz4AndZstdCompressed() {
    byte[] raw = wordy(PAGE - HOLE_LENGTH);
    byte[] lz4 = LZ4Factory.safeInstance().fastCompressor().compress(raw);
    assertThat(restore(LZ4 | HAS_HOLE, lz4, HOLE_AT, HOLE_LENGTH)).isNull();
    assertThat(page).isEqualTo(withHole(raw));

    byte[] whole = wordy(PAGE);
    assertThat(restore(ZSTD, Zstd.compress(whole), 0, 0)).isNull();
    assertThat(page).isEqualTo(whole);
  }

  /// Five bytes, then a run of 16 that starts four bytes before its own start.
  @Test
  void repeatsARunThatReachesIntoItself() {
    byte[] pglz = HexFormat.of().parseHex("2031313233340d04");
    assertThat(restore(PGLZ | HAS_HOLE, pglz, 21, PAGE - 21)).isNull();
    assertThat(new String(page, 0, 22, StandardCharsets.US_ASCII))
        .isEqualTo("112341234123412341234\0");
  }

  @Test
  void restoresWhatPglzCompressed() {
    for (byte[] raw : List.of(new byte[100], wordy(PAGE - HOLE_LENGTH), noisy(4000))) {
      byte[] pglz = pglz(raw);
      int holeLength = PAGE - raw.length;
      assertThat(restore(PGLZ | HAS_HOLE, pglz, raw.length, holeLength)).isNull();
      assertThat(page).startsWith(raw).endsWith(new byte[holeLength]);

      byte[] shorter = Arrays.copyOf(pglz, pglz.length - 1);
      assertThat(restore(PGLZ | HAS_HOLE, shorter, raw.length, holeLength)).isNotNull();
      byte[] longer = Arrays.copyOf(pglz, pglz.length + 1);
      assertThat(restore(PGLZ | HAS_HOLE, longer, raw.length, holeLength)).isNotNull();
    }
    // A run that would start before the page.
    assertThat(restore(PGLZ, new byte[] {1, 0x0F, 1, 1}, 0, 0)).isNotNull();
  }

  @Test
  void saysWhatIsMissing() {
    var record = CraftedRecord.of(WalFormat.PG_18, 10, 0).block(0, 0, 7, new byte[3]).decoded();
    assertThat(images.restore(record, 0, page))
        .hasToString("could not restore image at 0/1000028 with invalid state, block 0");
    assertThat(images.restore(record, 1, page))
        .hasToString("could not restore image at 0/1000028 with invalid block 1 specified");
  }

  @Test
  void refusesAHoleThatDoesNotFitThePage() {
    String message = "could not decompress image at 0/1000028, block 0";
    assertThat(restore(HAS_HOLE, new byte[200], 8000, 0)).hasToString(message);
    assertThat(restore(HAS_HOLE, new byte[9000], 8, 0)).hasToString(message);
    assertThat(restore(ZSTD | HAS_HOLE, new byte[20], 8, 40000)).hasToString(message);
    assertThat(restore(PGLZ | HAS_HOLE, new byte[20], 8000, 193)).hasToString(message);
    assertThat(restore(LZ4 | HAS_HOLE, new byte[20000], 8, 8)).hasToString(message);
  }

  @Test
  void leavesThePageAloneWhenTheImageIsBroken() {
    Arrays.fill(page, (byte) 1);
    byte[] before = page.clone();
    for (int method : new int[] {PGLZ, LZ4, ZSTD}) {
      assertThat(restore(method, new byte[] {1, 2, 3}, 0, 0)).isNotNull();
    }
    assertThat(page).isEqualTo(before);
  }

  @Test
  void wantsAllBytesOfThePage() {
    byte[] tooShort = wordy(PAGE - 1);
    assertThat(restore(LZ4, LZ4Factory.safeInstance().fastCompressor().compress(tooShort), 0, 0))
        .isNotNull();
    assertThat(restore(ZSTD, Zstd.compress(tooShort), 0, 0)).isNotNull();
  }

  @Test
  void noBytesMakeItThrow() {
    int[] methods = {0, PGLZ, LZ4, ZSTD};
    byte[][] intact = {
      LZ4Factory.safeInstance().fastCompressor().compress(wordy(PAGE)), Zstd.compress(wordy(PAGE))
    };
    for (int round = 0; round < ROUNDS; round++) {
      int method = methods[random.nextInt(methods.length)];
      byte[] stored = broken(intact[random.nextInt(intact.length)]);
      boolean hole = method == 0 || random.nextBoolean();
      int holeLength = hole ? 1 + random.nextInt(random.nextBoolean() ? 100 : 65535) : 0;
      if (method == 0 && stored.length == PAGE) {
        continue;
      }
      int holeAt = hole ? 1 + random.nextInt(PAGE) : 0;
      try {
        restore(method | (hole ? HAS_HOLE : 0), stored, holeAt, holeLength);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed %d, round %d".formatted(seed, round), e);
      }
    }
  }

  private byte[] broken(byte[] intact) {
    if (random.nextInt(3) == 0) {
      byte[] anything = new byte[1 + random.nextInt(4000)];
      random.nextBytes(anything);
      return anything;
    }
    byte[] bytes = Arrays.copyOf(intact, 1 + random.nextInt(intact.length + 10));
    for (int change = random.nextInt(4); change > 0; change--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private @Nullable WalDefect restore(
      int imageInfo, byte[] stored, int holeOffset, int holeLength) {
    var record =
        CraftedRecord.of(WalFormat.PG_18, 0, 0xB0)
            .image(0, 0, 7, imageInfo, stored, holeOffset, holeLength)
            .decoded();
    WalDefect defect = images.restore(record, 0, page);
    assertThat(restoredInto(record)).as("the same, in memory").isEqualTo(defect);
    return defect;
  }

  /// Restores between two pages outside of the heap, which stay as they are.
  private @Nullable WalDefect restoredInto(DecodedXLogRecord record) {
    frames.fill((byte) 0x5A);
    MemorySegment.copy(page, 0, frames, ValueLayout.JAVA_BYTE, PAGE, PAGE);
    byte[] expected = frames.toArray(ValueLayout.JAVA_BYTE);
    frames.asSlice(PAGE, PAGE).fill((byte) 1);
    WalDefect defect = images.restoreInto(record, 0, frames, PAGE);
    if (defect != null) {
      Arrays.fill(expected, PAGE, 2 * PAGE, (byte) 1);
    }
    assertThat(frames.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
    return defect;
  }

  private static byte[] withHole(byte[] stored) {
    byte[] whole = new byte[PAGE];
    System.arraycopy(stored, 0, whole, 0, HOLE_AT);
    int behind = HOLE_AT + HOLE_LENGTH;
    System.arraycopy(stored, HOLE_AT, whole, behind, PAGE - behind);
    return whole;
  }

  private byte[] noisy(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// A compressor that finds what is near: the format, not the size, is its point.
  private static byte[] pglz(byte[] raw) {
    var out = new ByteArrayOutputStream();
    var items = new ByteArrayOutputStream();
    int control = 0;
    int item = 0;
    for (int at = 0; at < raw.length; ) {
      int back = 0;
      int best = 2;
      for (int tried = 1; tried <= Math.min(at, 60); tried++) {
        int length = 0;
        while (length < 273
            && at + length < raw.length
            && raw[at + length] == raw[at + length - tried]) {
          length++;
        }
        if (length > best) {
          best = length;
          back = tried;
        }
      }
      if (back == 0) {
        items.write(raw[at++]);
      } else {
        control |= 1 << item;
        items.write(Math.min(best - 3, 15) | back >> 8 << 4);
        items.write(back);
        if (best >= 18) {
          items.write(best - 18);
        }
        at += best;
      }
      item++;
      if (item == 8 || at == raw.length) {
        out.write(control);
        out.writeBytes(items.toByteArray());
        items.reset();
        control = 0;
        item = 0;
      }
    }
    return out.toByteArray();
  }

  /// Bytes that compress, but not to nothing.
  private byte[] wordy(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % 50 == 0 ? random.nextInt() : i / 50);
    }
    return bytes;
  }
}
