package org.walstream.wire.conninfo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The password file, `~/.pgpass`:
///
/// ```
/// hostname:port:database:username:password
/// ```
///
/// The first line whose four fields match gives the password; `*` matches anything; `\:` and `\\`
/// stand for `:` and `\`. For physical replication the database is `replication`. A file that
/// others may read is ignored with a warning, as libpq does.
///
/// Counterpart of passwordFromFile(), fe-connect.c.
final class PassFile {

  private static final Set<PosixFilePermission> ONLY_OWNER =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final List<String> lines;

  PassFile(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /// Reads `file`; empty when it is not there or cannot be trusted.
  static PassFile read(Path file, LibpqEnvironment environment) {
    try {
      if (!Files.exists(file)) {
        return new PassFile(List.of());
      }
      if (!Files.isRegularFile(file)) {
        environment.warn("password file \"%s\" is not a plain file".formatted(file));
        return new PassFile(List.of());
      }
      if (!ONLY_OWNER.containsAll(Files.getPosixFilePermissions(file))) {
        environment.warn(
            ("password file \"%s\" has group or world access; permissions should be u=rw (0600) or"
                    + " less")
                .formatted(file));
        return new PassFile(List.of());
      }
      return new PassFile(Files.readAllLines(file));
    } catch (IOException e) {
      environment.warn("could not open file \"%s\": %s".formatted(file, e.getMessage()));
      return new PassFile(List.of());
    }
  }

  Optional<String> password(String host, int port, String database, String user) {
    String[] wanted = {host, Integer.toString(port), database, user};
    return lines.stream()
        .filter(line -> !line.startsWith("#"))
        .map(PassFile::fields)
        .filter(fields -> fields.size() == 5 && matches(fields, wanted))
        .map(fields -> unescaped(fields.get(4)))
        .filter(password -> !password.isEmpty())
        .findFirst();
  }

  private static boolean matches(List<String> fields, String[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      String field = fields.get(i);
      if (!field.equals("*") && !unescaped(field).equals(wanted[i])) {
        return false;
      }
    }
    return true;
  }

  /// The line cut at the first four colons without a backslash before them; the rest is the
  /// password.
  private static List<String> fields(String line) {
    var fields = new ArrayList<String>(5);
    int start = 0;
    for (int i = 0; i < line.length() && fields.size() < 4; i++) {
      char c = line.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == ':') {
        fields.add(line.substring(start, i));
        start = i + 1;
      }
    }
    fields.add(line.substring(start));
    return fields;
  }

  private static String unescaped(String field) {
    var text = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && i + 1 < field.length()) {
        c = field.charAt(++i);
      }
      text.append(c);
    }
    return text.toString();
  }
}
