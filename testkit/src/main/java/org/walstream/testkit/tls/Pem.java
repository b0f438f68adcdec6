package org.walstream.testkit.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/// Writes PEM files.
final class Pem {

  private Pem() {}

  static Path write(Path file, String label, List<byte[]> contents) throws IOException {
    var text = new StringBuilder();
    for (byte[] content : contents) {
      text.append(block(label, "", content));
    }
    return Files.writeString(file, text);
  }

  static String block(String label, String headers, byte[] content) {
    return "-----BEGIN %s-----\n%s%s\n-----END %s-----\n"
        .formatted(
            label,
            headers,
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content),
            label);
  }
}
