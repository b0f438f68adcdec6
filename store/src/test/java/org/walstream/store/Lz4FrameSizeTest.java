package org.walstream.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Random;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Lz4FrameSizeTest {

  /// Frames by hand: FLG 0x40 is version 1 with linked blocks, as pg_receivewal writes them.
  @ParameterizedTest
  @CsvSource({
    // five literals | end
    "04224D18 40 40 C0 06000000 50 6162636465 00000000, 5",
    // five literals | a block that repeats them from the block before, then one literal | end
    "04224D18 40 40 C0 06000000 50 6162636465 05000000 01 0500 10 66 00000000, 11",
    // one literal, a match of 4 + 15 + 255 + 3 bytes, one literal | a block that is torn
    "04224D18 40 40 C0 08000000 1F 61 0100 FF03 10 66 FF 00000000, 279",
    // stored as it is | end, then another frame with content size and checksums
    "04224D18 40 40 C0 03000080 616263 00000000 04224D18 5C 40 0300000000000000 00 04000000 30 616263"
        + " 00000000 00000000 00000000, 6",
    "00, 0",
    "'', 0",
  })
  void countsWhatEachStepStandsFor(String hex, long size) throws IOException {
    byte[] frame = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(Lz4FrameSize.of(new ByteArrayInputStream(frame))).isEqualTo(size);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithTheLibraryOnEverySize(long seed) throws IOException {
    var random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      byte[] content = new byte[random.nextInt(300_000)];
      for (int at = 0; at < content.length; at++) {
        content[at] = (byte) random.nextInt(1 + random.nextInt(4));
      }
      var frame = new ByteArrayOutputStream();
      try (var compressor = new LZ4FrameOutputStream(frame)) {
        compressor.write(content);
      }
      assertThat(Lz4FrameSize.of(new ByteArrayInputStream(frame.toByteArray())))
          .as("seed %d, round %d", seed, i)
          .isEqualTo(content.length);
    }
  }

  /// Whatever it is given, it counts something and says nothing else.
  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void neverThrowsOnDamagedInput(long seed) throws IOException {
    var random = new Random(seed);
    var frame = new ByteArrayOutputStream();
    try (var compressor = new LZ4FrameOutputStream(frame)) {
      compressor.write(new byte[5000]);
      compressor.write("some text, some text, some other text".repeat(100).getBytes(US_ASCII));
    }
    for (int i = 0; i < 5_000; i++) {
      byte[] damaged = frame.toByteArray();
      for (int hits = random.nextInt(4); hits >= 0; hits--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      int length = random.nextInt(damaged.length + 1);
      assertThat(Lz4FrameSize.of(new ByteArrayInputStream(damaged, 0, length)))
          .as("seed %d, round %d", seed, i)
          .isNotNegative();
    }
  }
}
