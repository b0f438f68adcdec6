package org.walstream.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.walstream.cli.line.UsageException;
import org.walstream.store.compress.Compression;
import org.walstream.store.compress.Compression.Method;

/// The value of `--compress`, as pg_receivewal takes it: a method, a method and its level, or a
/// bare level for gzip.
///
/// ```
/// none   gzip   gzip:6   lz4:level=9   zstd:3   0 (none)   6 (gzip:6)
/// ```
///
/// Counterpart of parse_compress_options() and parse_compress_specification(),
/// src/common/compression.c.
final class CompressOption {

  /// The methods' names.
  static final List<String> METHODS =
      Stream.of(Method.values()).map(CompressOption::nameOf).toList();

  private CompressOption() {}

  /// @throws UsageException in PostgreSQL's words
  static Compression parse(String value) {
    if (value.matches("[0-9]+")) {
      int level = level(value);
      return level == 0 ? Compression.NONE : specification(Method.GZIP, Optional.of(value));
    }
    int colon = value.indexOf(':');
    String name = colon < 0 ? value : value.substring(0, colon);
    Optional<String> detail =
        colon < 0 ? Optional.empty() : Optional.of(value.substring(colon + 1));
    return specification(method(name), detail);
  }

  private static Method method(String name) {
    for (Method method : Method.values()) {
      if (nameOf(method).equals(name)) {
        return method;
      }
    }
    throw new UsageException("unrecognized compression algorithm: \"" + name + "\"");
  }

  private static String nameOf(Method method) {
    return method.name().toLowerCase(Locale.ROOT);
  }

  private static Compression specification(Method method, Optional<String> detail) {
    if (detail.isEmpty()) {
      return method == Method.NONE
          ? Compression.NONE
          : new Compression(method, OptionalInt.empty());
    }
    String text = detail.get();
    if (text.isEmpty()) {
      throw invalid("found empty string where a compression option was expected");
    }
    try {
      return new Compression(method, OptionalInt.of(level(text)));
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  /// Reads `level=6` or `6`.
  private static int level(String option) {
    int equals = option.indexOf('=');
    String name = equals < 0 ? "level" : option.substring(0, equals);
    String value = option.substring(equals + 1);
    if (!name.equals("level") || (equals < 0 && !value.matches("-?[0-9].*"))) {
      throw invalid("unrecognized compression option: \"%s\"".formatted(equals < 0 ? value : name));
    }
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw invalid("value for compression option \"level\" must be an integer");
    }
  }

  private static UsageException invalid(String why) {
    return new UsageException("invalid compression specification: " + why);
  }
}
