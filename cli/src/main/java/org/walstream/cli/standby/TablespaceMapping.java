package org.walstream.cli.standby;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.walstream.cli.line.UsageException;

/// `--tablespace-mapping`: where tablespaces go. In a directory's name `\=` is an equals sign.
///
/// Counterpart of tablespace_list_append(), src/bin/pg_basebackup/pg_basebackup.c.
final class TablespaceMapping implements UnaryOperator<String> {

  private final Map<String, String> directories = new HashMap<>();

  /// @param text `OLDDIR=NEWDIR`
  /// @throws UsageException in PostgreSQL's words
  void add(String text) {
    String[] parts = text.split("(?<!\\\\)=", -1);
    if (parts.length > 2) {
      throw new UsageException("multiple \"=\" signs in tablespace mapping");
    }
    if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new UsageException(
          "invalid tablespace mapping format \"%s\", must be \"OLDDIR=NEWDIR\"".formatted(text));
    }
    for (int i = 0; i < parts.length; i++) {
      parts[i] = parts[i].replace("\\=", "=");
      if (!Path.of(parts[i]).isAbsolute()) {
        throw new UsageException(
            "%s directory is not an absolute path in tablespace mapping: %s"
                .formatted(i == 0 ? "old" : "new", parts[i]));
      }
    }
    directories.put(canonical(parts[0]), canonical(parts[1]));
  }

  private static String canonical(String directory) {
    return Path.of(directory).normalize().toString();
  }

  @Override
  public String apply(String location) {
    return directories.getOrDefault(location, location);
  }
}
