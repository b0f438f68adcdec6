package org.walstream.wire.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;
import org.walstream.wire.auth.SaslprepTables.Table;

/// What SCRAM makes of a password before it hashes it, so that two ways of typing the same are one
/// password: spaces of other scripts become spaces, invisible characters vanish, compatible
/// characters become one (NFKC).
///
/// A password need not be text at all. One that is not UTF-8, has characters that are prohibited or
/// were not assigned in Unicode 3.2, or mixes directions is hashed as it is, byte for byte. So is
/// one that is all ASCII, control characters included.
///
/// Differs from RFC 4013 as PostgreSQL does: what is prohibited is looked up before the text is
/// normalised, not after; a zero width space is a space. Counterpart of pg_saslprep(),
/// src/common/saslprep.c.
final class Saslprep {

  private Saslprep() {}

  /// The bytes that are hashed in place of `password`.
  static byte[] prepare(byte[] password) {
    return prepared(password).orElse(password);
  }

  /// Empty when it cannot be prepared.
  static Optional<byte[]> prepared(byte[] password) {
    return isAscii(password)
        ? Optional.of(password)
        : decoded(password).flatMap(Saslprep::prepared);
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static Optional<int[]> decoded(byte[] bytes) {
    try {
      var decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed
      return Optional.of(decoder.decode(ByteBuffer.wrap(bytes)).codePoints().toArray());
    } catch (CharacterCodingException notUtf8) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> prepared(int[] text) {
    var tables = SaslprepTables.get();
    int[] mapped =
        Arrays.stream(text)
            .map(c -> tables.contains(Table.SPACE, c) ? ' ' : c)
            .filter(c -> !tables.contains(Table.NOTHING, c))
            .toArray();
    if (mapped.length == 0 || isProhibited(mapped, tables) || mixesDirections(mapped, tables)) {
      return Optional.empty();
    }
    String normalized =
        Normalizer.normalize(new String(mapped, 0, mapped.length), Normalizer.Form.NFKC);
    return Optional.of(normalized.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isProhibited(int[] text, SaslprepTables tables) {
    return Arrays.stream(text)
        .anyMatch(
            c -> tables.contains(Table.PROHIBITED, c) || tables.contains(Table.UNASSIGNED, c));
  }

  /// Text with a character that is written from right to left must begin and end with such a one,
  /// and have none that is written from left to right.
  private static boolean mixesDirections(int[] text, SaslprepTables tables) {
    if (Arrays.stream(text).noneMatch(c -> tables.contains(Table.RANDALCAT, c))) {
      return false;
    }
    return Arrays.stream(text).anyMatch(c -> tables.contains(Table.LCAT, c))
        || !tables.contains(Table.RANDALCAT, text[0])
        || !tables.contains(Table.RANDALCAT, text[text.length - 1]);
  }
}
