package org.walstream.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "sécrèt ☃ 😀"})
  void utf8IsText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(ByteText.of(bytes)).isEqualTo(text);
    assertThat(ByteText.bytes(text)).isEqualTo(bytes);
  }

  @Test
  void otherBytesAreLoneSurrogates() {
    byte[] bytes = HexFormat.of().parseHex("61e9622dedb28063ff");
    assertThat(ByteText.of(bytes)).isEqualTo("a\uDCE9b-\uDCED\uDCB2\uDC80c\uDCFF");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyBytesComeBack(long seed) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    byte[] lead = HexFormat.of().parseHex("61c3e2f0edc0f4"); // how characters begin, good and bad
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      for (int j = 0; j < bytes.length; j += 1 + random.nextInt(3)) {
        bytes[j] = lead[random.nextInt(lead.length)];
      }
      assertThat(ByteText.bytes(ByteText.of(bytes))).as("seed %d", seed).isEqualTo(bytes);
    }
  }
}
