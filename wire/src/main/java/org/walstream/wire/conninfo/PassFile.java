package org.walstream.wire.conninfo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.walstream.wire.ByteText;

/// The password file, `~/.pgpass`:
///
/// ```
/// hostname:port:database:username:password
/// ```
///
/// The first line whose four fields match gives the password, which ends at the next colon; `\:`
/// and `\\` stand for `:` and `\`, and `*` for anything. A colon matches itself too where a colon
/// is wanted, so that an IPv6 address may be written as it is. A file that others may read is
/// ignored with a warning, one that cannot be read without.
///
/// Counterpart of passwordFromFile(), fe-connect.c.
final class PassFile {

  private static final Set<PosixFilePermission> ONLY_OWNER =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private static final int NO_MATCH = -1;

  static final PassFile EMPTY = new PassFile(List.of());

  private final List<String> lines;

  private PassFile(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /// Reads `file`; empty when it is not there or cannot be trusted.
  static PassFile read(Path file, LibpqEnvironment environment) {
    return new PassFile(isTrusted(file, environment) ? lines(file) : List.of());
  }

  private static boolean isTrusted(Path file, LibpqEnvironment environment) {
    if (!Files.isReadable(file)) {
      return false;
    }
    if (!Files.isRegularFile(file)) {
      environment.warn("password file \"%s\" is not a plain file".formatted(file));
      return false;
    }
    try {
      if (ONLY_OWNER.containsAll(Files.getPosixFilePermissions(file))) {
        return true;
      }
    } catch (IOException goneMeanwhile) {
      return false;
    }
    environment.warn(
        ("password file \"%s\" has group or world access; permissions should be u=rw (0600) or"
                + " less")
            .formatted(file));
    return false;
  }

  private static List<String> lines(Path file) {
    try {
      return List.of(ByteText.of(Files.readAllBytes(file)).split("\n", -1));
    } catch (IOException goneMeanwhile) {
      return List.of();
    }
  }

  /// @param port as it was written: it is compared as text
  Optional<String> password(String host, String port, String database, String user) {
    for (String line : lines) {
      if (line.startsWith("#")) {
        continue;
      }
      String text = withoutReturn(line);
      int at = match(text, 0, host);
      at = match(text, at, port);
      at = match(text, at, database);
      at = match(text, at, user);
      if (at != NO_MATCH) {
        return Optional.of(unescaped(text, at));
      }
    }
    return Optional.empty();
  }

  private static String withoutReturn(String line) {
    int end = line.length();
    while (end > 0 && line.charAt(end - 1) == '\r') {
      end--;
    }
    return line.substring(0, end);
  }

  /// Compares the field that begins at `at` with what is wanted.
  ///
  /// @return where the next field begins
  private static int match(String line, int at, String wanted) {
    if (at == NO_MATCH) {
      return NO_MATCH;
    }
    if (line.startsWith("*:", at)) {
      return at + 2;
    }
    int i = at;
    for (int matched = 0; i < line.length(); matched++) {
      boolean escaped = line.charAt(i) == '\\';
      i += escaped ? 1 : 0;
      if (matched == wanted.length()) {
        return !escaped && line.charAt(i) == ':' ? i + 1 : NO_MATCH;
      }
      if (i == line.length() || line.charAt(i) != wanted.charAt(matched)) {
        return NO_MATCH;
      }
      i++;
    }
    return NO_MATCH;
  }

  private static String unescaped(String line, int start) {
    var text = new StringBuilder();
    for (int i = start; i < line.length() && line.charAt(i) != ':'; i++) {
      if (line.charAt(i) == '\\' && i + 1 < line.length()) {
        i++;
      }
      text.append(line.charAt(i));
    }
    return text.toString();
  }
}
