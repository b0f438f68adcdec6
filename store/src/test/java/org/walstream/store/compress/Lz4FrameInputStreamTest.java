package org.walstream.store.compress;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.ZipException;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Lz4FrameInputStreamTest {

  /// Frames by hand: FLG 0x40 is version 1 with linked blocks, as pg_receivewal writes them.
  @ParameterizedTest
  @CsvSource({
    // five literals | end
    "04224D18 40 40 C0 06000000 50 6162636465 00000000, abcde",
    // five literals | a block that repeats them from the block before, then one literal | end
    "04224D18 40 40 C0 06000000 50 6162636465 05000000 01 0500 10 66 00000000, abcdeabcdef",
    // two literals, a match of 7 that overlaps itself, one literal | end
    "04224D18 40 40 C0 07000000 23 6162 0200 10 63 00000000, ababababac",
    // stored as it is | end, then another frame with the content's size
    "04224D18 40 40 C0 03000080 616263 00000000 04224D18 48 40 0300000000000000 00 04000000 30 646566"
        + " 00000000, abcdef",
    "'', ''",
  })
  void followsEachStep(String hex, String content) throws IOException {
    assertThat(decompress(bytes(hex))).isEqualTo(content.getBytes(US_ASCII));
  }

  @ParameterizedTest
  @CsvSource({
    "04224D19 40 40 C0, not an LZ4 frame: magic number 194D2204",
    "04224D18 40 40 C0 05000000 01 0500 10 66, LZ4 match refers to 5 bytes before it",
    "04224D18 40 40 C0 02000000 50 61, LZ4 block leads out of its bounds",
    "04224D18 40 40 C0 01000100, LZ4 block of 65537 bytes is too long",
    "04224D18 41 40 C0, 'unsupported LZ4 frame: flags 41, block size code 4'",
    "04224D18 44 40 C0 06000000 50 6162636465 00000000 01000000,"
        + " 'LZ4 content checksum is 9738F19B, expected 00000001'",
  })
  void saysWhatIsWrong(String hex, String message) {
    assertThatThrownBy(() -> decompress(bytes(hex)))
        .isInstanceOf(ZipException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"04224D18 40", "04224D18 40 40 C0 06000000 50 61", "04224D18 40 40 C0"})
  void tellsATornFrame(String hex) {
    assertThatThrownBy(() -> decompress(bytes(hex))).isInstanceOf(EOFException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithTheLibraryWhateverTheContent(long seed) throws IOException {
    var random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      byte[] content = new byte[random.nextInt(300_000)];
      for (int at = 0; at < content.length; at++) {
        content[at] = (byte) random.nextInt(1 + random.nextInt(4));
      }
      var frame = new ByteArrayOutputStream();
      BLOCKSIZE size = random.nextBoolean() ? BLOCKSIZE.SIZE_64KB : BLOCKSIZE.SIZE_1MB;
      try (var compressor =
          new LZ4FrameOutputStream(
              frame, size, FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.CONTENT_CHECKSUM)) {
        compressor.write(content);
      }
      assertThat(decompress(frame.toByteArray()))
          .as("seed %d, round %d", seed, i)
          .isEqualTo(content);
    }
  }

  /// Whatever it is given, it gives some bytes, or says that the frame is torn or wrong.
  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void refusesDamagedInputInItsOwnWords(long seed) throws IOException {
    var random = new Random(seed);
    var frame = new ByteArrayOutputStream();
    try (var compressor = new LZ4FrameOutputStream(frame)) {
      compressor.write(new byte[5000]);
      compressor.write("some text, some text, some other text".repeat(100).getBytes(US_ASCII));
    }
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = frame.toByteArray();
      for (int hits = random.nextInt(4); hits >= 0; hits--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      int length = random.nextInt(damaged.length + 1);
      try (var content = new Lz4FrameInputStream(new ByteArrayInputStream(damaged, 0, length))) {
        content.readAllBytes();
      } catch (ZipException | EOFException e) {
        assertThat(Compressors.isTorn(e)).isTrue();
      }
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static byte[] decompress(byte[] frames) throws IOException {
    try (var content = new Lz4FrameInputStream(new ByteArrayInputStream(frames))) {
      return content.readAllBytes();
    }
  }
}
