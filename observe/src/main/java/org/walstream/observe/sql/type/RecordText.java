package org.walstream.observe.sql.type;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Records as PostgreSQL prints them: `(a,"b c",,"say ""x""")`.
///
/// Source: record_out(), src/backend/utils/adt/rowtypes.c.
public final class RecordText {

  private static final Pattern TO_BE_QUOTED =
      Pattern.compile("|.*[\\s\",()\\\\].*", Pattern.DOTALL);

  private RecordText() {}

  /// One of its fields.
  public static String field(@Nullable String value) {
    if (value == null) {
      return "";
    }
    return TO_BE_QUOTED.matcher(value).matches()
        ? '"' + value.replace("\\", "\\\\").replace("\"", "\"\"") + '"'
        : value;
  }
}
