package org.walstream.observe.sql.dialect;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// The names of all functions that PostgreSQL 18 has, to tell what a node lacks from what nobody
/// has.
final class PostgresFunctions {

  private static final Set<String> NAMES = load();

  private PostgresFunctions() {}

  private static Set<String> load() {
    try (var in =
            Objects.requireNonNull(PostgresFunctions.class.getResourceAsStream("functions.txt"));
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Why a function of that name cannot be called here.
  static RefusedQueryException refused(String name) {
    return new RefusedQueryException(
        NAMES.contains(name)
            ? ServerError.error(
                SqlState.FEATURE_NOT_SUPPORTED,
                "not supported by this node: function %s()".formatted(name))
            : ServerError.error(
                SqlState.UNDEFINED_FUNCTION, "function %s() does not exist".formatted(name)),
        name);
  }
}
