package org.walstream.send.hba;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// pg_ident.conf: which user somebody may be, whom the operating system or a certificate knows by
/// another name. Any line that fits allows it.
///
/// ```
/// MAP  SYSTEM-USERNAME        DATABASE-USERNAME
/// m    /^(.*)@example\.com$   \1                  # what the group has matched
/// ```
///
/// The last column is as the user column of pg_hba.conf: a name, `all`, `+role`, an expression.
///
/// Counterpart of load_ident() and check_usermap(), src/backend/libpq/hba.c.
public record IdentFile(List<IdentLine> lines) {

  /// No maps.
  public static final IdentFile EMPTY = new IdentFile(List.of());

  public IdentFile {
    lines = List.copyOf(lines);
  }

  /// Reads and checks a file and what it includes; one that does not exist has no maps.
  ///
  /// @throws HbaException for the first thing wrong in it
  public static IdentFile read(Path file) throws HbaException {
    if (!Files.exists(file)) {
      return EMPTY;
    }
    return new IdentFile(HbaLine.parse(HbaReader.read(file), IdentLine::parse));
  }

  /// What a file and what it includes say now, whether they could be used or not.
  public static List<AuthLine<IdentLine>> look(Path file) {
    return Files.exists(file) ? HbaLine.look(file, IdentLine::parse) : List.of();
  }

  /// Whether `map` lets whom the system knows as `systemUser` be the connection's user. A line that
  /// cannot be applied ends the search, as in PostgreSQL.
  public boolean allows(String map, String systemUser, Connection connection) {
    for (IdentLine line : lines) {
      if (line.map().equals(map)) {
        switch (line.judge(systemUser, connection)) {
          case ALLOWED -> {
            return true;
          }
          case UNUSABLE -> {
            return false;
          }
          case OTHER -> {}
        }
      }
    }
    return false;
  }
}
