package org.walstream.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.walstream.file.FileLayer;

/// A secret that a node makes once: out of it come the salts that users who do not exist are asked
/// with. If those changed when the node restarts, whoever asks twice could tell who exists.
///
/// Counterpart of `mock_authentication_nonce` in PostgreSQL's control file.
final class AuthenticationNonce {

  private static final int RANDOM_BYTES = 32;

  private AuthenticationNonce() {}

  /// What `file` holds, in hexadecimal; made if there is no such file.
  ///
  /// @throws IOException if it cannot be read or made, or does not hold what it should
  static String of(Path file, FileLayer files) throws IOException {
    if (!files.exists(file)) {
      byte[] random = new byte[RANDOM_BYTES];
      new SecureRandom().nextBytes(random);
      String text = HexFormat.of().formatHex(random) + "\n";
      files.replace(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
    String nonce = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (!nonce.matches("[0-9a-f]{%d}".formatted(2 * RANDOM_BYTES))) {
      throw new IOException(
          "invalid contents of file \"%s\": expected %d hexadecimal digits"
              .formatted(file, 2 * RANDOM_BYTES));
    }
    return nonce;
  }
}
