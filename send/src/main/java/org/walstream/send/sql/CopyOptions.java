package org.walstream.send.sql;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// How COPY writes rows.
///
/// Source: PostgreSQL manual, COPY, "File Formats".
///
/// @param nullText what stands for NULL
/// @param forcedQuotes the columns that are always in quotes; empty for all of them
record CopyOptions(
    Format format,
    char delimiter,
    String nullText,
    boolean header,
    char quote,
    char escape,
    Optional<List<String>> forcedQuotes) {

  enum Format {
    TEXT,
    CSV,
    BINARY
  }

  static final CopyOptions TEXT = of(Format.TEXT, '\t', "\\N");
  static final CopyOptions CSV = of(Format.CSV, ',', "");
  static final CopyOptions BINARY = of(Format.BINARY, '\t', "\\N");

  private static CopyOptions of(Format format, char delimiter, String nullText) {
    return new CopyOptions(format, delimiter, nullText, false, '"', '"', Optional.of(List.of()));
  }

  /// @param format its name
  static CopyOptions of(String format) throws ServerError {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "text" -> TEXT;
      case "csv" -> CSV;
      case "binary" -> BINARY;
      default ->
          throw ServerError.error(
              SqlState.INVALID_PARAMETER_VALUE,
              "COPY format \"%s\" not recognized".formatted(format));
    };
  }

  CopyOptions withHeader(boolean wanted) {
    return new CopyOptions(format, delimiter, nullText, wanted, quote, escape, forcedQuotes);
  }

  CopyOptions withDelimiter(char wanted) {
    return new CopyOptions(format, wanted, nullText, header, quote, escape, forcedQuotes);
  }

  CopyOptions withNullText(String wanted) {
    return new CopyOptions(format, delimiter, wanted, header, quote, escape, forcedQuotes);
  }

  /// A quote stands for itself doubled, unless it is escaped by something else.
  CopyOptions withQuote(char wanted) {
    char escapedBy = escape == quote ? wanted : escape;
    return new CopyOptions(format, delimiter, nullText, header, wanted, escapedBy, forcedQuotes);
  }

  CopyOptions withEscape(char wanted) {
    return new CopyOptions(format, delimiter, nullText, header, quote, wanted, forcedQuotes);
  }

  CopyOptions withForcedQuotes(Optional<List<String>> columns) {
    return new CopyOptions(format, delimiter, nullText, header, quote, escape, columns);
  }

  boolean binary() {
    return format == Format.BINARY;
  }

  private boolean isForced(String column) {
    return forcedQuotes.isEmpty() || forcedQuotes.get().contains(column);
  }

  /// One line, with its end.
  ///
  /// @param columns their names; those that are none here are never in quotes by force
  String line(List<? extends @Nullable String> values, List<String> columns) {
    var line = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      line.append(i == 0 ? "" : delimiter);
      if (value == null) {
        line.append(nullText);
      } else {
        line.append(
            format == Format.CSV
                ? quoted(value, values.size(), i < columns.size() && isForced(columns.get(i)))
                : escaped(value));
      }
    }
    return line.append('\n').toString();
  }

  private String escaped(String value) {
    var text = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case 0x0b -> text.append("\\v");
        case '\\' -> text.append("\\\\");
        default -> text.append(c == delimiter ? "\\" : "").append(c);
      }
    }
    return text.toString();
  }

  /// In quotes where it would be read as something else.
  private String quoted(String value, int columns, boolean forced) {
    boolean plain =
        !forced
            && !value.equals(nullText)
            && value.chars().noneMatch(c -> c == delimiter || c == quote || c == '\n' || c == '\r')
            && !(columns == 1 && value.equals("\\."));
    if (plain) {
      return value;
    }
    var text = new StringBuilder().append(quote);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == quote || c == escape) {
        text.append(escape);
      }
      text.append(c);
    }
    return text.append(quote).toString();
  }
}
