package org.walstream.send.hba;

import java.nio.file.Path;
import java.util.Optional;

/// A line of pg_hba.conf or pg_ident.conf as it stands in its file: what it says, or what is wrong
/// with it.
///
/// @param number of the line; 0 where the file itself cannot be read
public record AuthLine<T>(Path file, int number, Optional<T> says, Optional<String> error) {

  static <T> AuthLine<T> saying(Path file, int number, T what) {
    return new AuthLine<>(file, number, Optional.of(what), Optional.empty());
  }

  static <T> AuthLine<T> wrong(Path file, int number, HbaException what) {
    return new AuthLine<>(file, number, Optional.empty(), Optional.of(what.reason()));
  }
}
