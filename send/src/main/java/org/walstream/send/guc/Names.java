package org.walstream.send.guc;

import java.nio.charset.StandardCharsets;

/// How long names are: 63 bytes, and what is beyond is cut off, between characters.
///
/// Counterpart of truncate_identifier(), src/backend/parser/scansup.c.
public final class Names {

  private static final int BYTES_MAX = 63; // NAMEDATALEN - 1

  private Names() {}

  /// The name as far as PostgreSQL takes it.
  public static String truncate(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= BYTES_MAX) {
      return name;
    }
    int end = BYTES_MAX;
    while ((bytes[end] & 0xc0) == 0x80) { // in the middle of a character
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /// What a client is told of a name that was too long.
  public static String truncationNotice(String name) {
    return "identifier \"%s\" will be truncated to \"%s\"".formatted(name, truncate(name));
  }

  /// A name of an application in printable ASCII, so that it can forge no line of a log: every
  /// other byte is written `\xNN`.
  ///
  /// Counterpart of pg_clean_ascii(), src/common/string.c.
  public static String cleanAscii(String name) {
    var clean = new StringBuilder(name.length());
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b <= '~') {
        clean.append((char) b);
      } else {
        clean.append("\\x%02x".formatted(b & 0xff));
      }
    }
    return clean.toString();
  }
}
