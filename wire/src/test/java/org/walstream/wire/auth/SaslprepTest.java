package org.walstream.wire.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SaslprepTest {

  private static final int BLOCK = 4096;

  /// What stands before and behind the code point; see saslprep-oracle.c.
  private static final String[][] BESIDE = {
    {"", ""}, {"a", "\u00E9"}, {"\u05D0", "\u05D0"}, {"", "\u0301"}, {"\u1100", "\u11A8"}
  };

  @Test
  void preparesEveryCodePointAsPostgresDoes() throws Exception {
    List<String> expected;
    try (InputStream file = getClass().getResourceAsStream("saslprep-18.sha256")) {
      expected =
          new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .toList();
    }
    var wrong = new ArrayList<String>();
    for (int block = 0; block < expected.size(); block++) {
      if (!hash(block).equals(expected.get(block))) {
        wrong.add("from U+%04X".formatted(block * BLOCK));
      }
    }
    assertThat(expected).hasSize(0x110000 / BLOCK);
    assertThat(wrong).isEmpty();
  }

  private static String hash(int block) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    for (int c = Math.max(1, block * BLOCK); c < (block + 1) * BLOCK; c++) {
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        continue;
      }
      for (String[] beside : BESIDE) {
        digest.update(answer(utf8(beside[0] + Character.toString(c) + beside[1])));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// As saslprep-oracle.c writes it.
  private static byte[] answer(byte[] string) {
    return Saslprep.prepared(string)
        .map(prepared -> {
          byte[] answer = new byte[3 + prepared.length];
          answer[0] = 1;
          answer[2] = (byte) prepared.length;
          System.arraycopy(prepared, 0, answer, 3, prepared.length);
          return answer;
        })
        .orElse(new byte[3]);
  }

  @ParameterizedTest
  @CsvSource({
    "secret, secret", // ASCII
    "\7bell, \7bell", // and so are control characters
    "I\u00ADX, IX", // RFC 4013's examples
    "\u00AA, a",
    "\u2168, IX",
    "a\u200Bb, a b", // a space here, nothing in the RFC
    "\u00AD, \u00AD", // nothing would be left
    "\u06271, \u06271", // begins but does not end from right to left
    "\uD83D\uDE00, \uD83D\uDE00", // not assigned in Unicode 3.2
  })
  void preparesAsPgSaslprep(String password, String prepared) {
    assertThat(Saslprep.prepare(utf8(password))).isEqualTo(utf8(prepared));
  }

  @Test
  void bytesThatAreNotUtf8StayAsTheyAre() {
    for (String hex : List.of("ff", "61e9", "c080", "eda080", "f4908080", "c3")) {
      byte[] bytes = HexFormat.of().parseHex(hex);
      assertThat(Saslprep.prepare(bytes)).as(hex).isEqualTo(bytes);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
