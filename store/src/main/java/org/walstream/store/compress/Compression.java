package org.walstream.store.compress;

import java.util.Locale;
import java.util.OptionalInt;

/// How finished segments are stored.
///
/// @param level the method's own scale; empty for its default
public record Compression(Method method, OptionalInt level) {

  /// The segments as they are.
  public static final Compression NONE = new Compression(Method.NONE, OptionalInt.empty());

  /// A file format that its usual command line tool reads.
  public enum Method {
    NONE("", 0, 0),
    GZIP(".gz", 1, 9),
    LZ4(".lz4", 1, 12),
    /// Unknown to pg_receivewal 18.
    ZSTD(".zst", -131_072, 22);

    private final String suffix;
    private final int levelMin;
    private final int levelMax;

    Method(String suffix, int levelMin, int levelMax) {
      this.suffix = suffix;
      this.levelMin = levelMin;
      this.levelMax = levelMax;
    }

    /// What a segment's file name carries in addition.
    public String suffix() {
      return suffix;
    }
  }

  /// @throws IllegalArgumentException if the method has no such level, in PostgreSQL's words
  public Compression {
    if (level.isPresent()) {
      int value = level.getAsInt();
      String name = method.name().toLowerCase(Locale.ROOT);
      if (method == Method.NONE) {
        throw new IllegalArgumentException(
            "compression algorithm \"%s\" does not accept a compression level".formatted(name));
      }
      if (value < method.levelMin || value > method.levelMax) {
        throw new IllegalArgumentException(
            "compression algorithm \"%s\" expects a compression level between %d and %d"
                .formatted(name, method.levelMin, method.levelMax));
      }
    }
  }
}
