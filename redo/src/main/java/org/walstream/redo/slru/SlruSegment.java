package org.walstream.redo.slru;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A file of an SLRU, named by its number: four hexadecimal digits, five or six when it needs them
/// (members of multixacts reach `14078`).
///
/// ```
/// 0000  0001  ...  FFFF  10000  ...  14078
/// ```
///
/// Counterpart of SlruFileName() and SlruCorrectSegmentFilenameLength(),
/// src/backend/access/transam/slru.c. Names of fifteen digits are those of pg_notify and pg_serial
/// alone, which no WAL tells of.
public record SlruSegment(long number) {

  /// SLRU_PAGES_PER_SEGMENT
  public static final int PAGES = 32;

  private static final Pattern NAME = Pattern.compile("[0-9A-F]{4,6}");

  /// The segment that holds `page`.
  public static SlruSegment ofPage(long page) {
    return new SlruSegment(page / PAGES);
  }

  /// What `name` says, or null when no segment is called so.
  public static @Nullable SlruSegment parse(String name) {
    return NAME.matcher(name).matches() ? new SlruSegment(Long.parseLong(name, 16)) : null;
  }

  public String fileName() {
    return "%04X".formatted(number);
  }

  public long firstPage() {
    return number * PAGES;
  }

  public long lastPage() {
    return firstPage() + PAGES - 1;
  }
}
