package org.walstream.observe.sql.dialect;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes out of a query what the parser does not know and the engine does not need, and puts into
/// quotes what it takes for a keyword, leaving every other character in its place where there is
/// room, so that positions in errors stay right.
final class QueryText {

  /// Behind AS any keyword is a name; of these the parser does not know it.
  private static final String LABELS =
      "(?:absent|and|as|between|both|check|constraint|cross|csv|current|distinct|else|except|exists"
          + "|false|fetch|for|force|foreign|from|full|having|ilike|import|inner|intersect|into|is"
          + "|join|lateral|like|natural|not|null|only|or|outer|prior|returning|returns|select"
          + "|statement|tablesample|trailing|true|unbounded|union|unique|unknown|using|when|where"
          + "|window|with|xmlserialize)";

  private static final Pattern PARTS =
      Pattern.compile(
          "'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n"
              + "]*|/\\*.*?\\*/"
              + "|(?<operator>\\bOPERATOR\\s*\\(\\s*pg_catalog\\s*\\.\\s*(?<symbol>[^)\\s]+)\\s*\\))"
              + "|(?<typed>\\b(?<type>pg_lsn|inet|cidr|macaddr|uuid|jsonb?|reg(?:class|type|role|namespace)"
              + "|numeric|int[248]|float[48]|text|name|oid|xid8?|bytea|bool)\\s+(?<constant>'(?:[^']|'')*'))"
              + "|(?<as>\\bAS\\s+(?<label>"
              + LABELS
              + ")\\b(?!\\s+MATERIALIZED\\b)(?<after>\\s*,?)\\s?)"
              + "|(?<collate>\\bCOLLATE\\s+(?:pg_catalog\\s*\\.\\s*)?(?:\"?[A-Za-z_]+\"?))",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private QueryText() {}

  static String simplified(String sql) {
    Matcher parts = PARTS.matcher(sql);
    var text = new StringBuilder();
    int end = 0;
    while (parts.find()) {
      text.append(sql, end, parts.start());
      end = parts.end();
      if (parts.group("operator") != null) {
        text.append(parts.group("symbol"));
      } else if (parts.group("typed") != null) {
        text.append(parts.group("constant") + "::" + parts.group("type"));
      } else if (parts.group("as") != null) {
        String label = Identifiers.quote(parts.group("label").toLowerCase(Locale.ROOT));
        text.append("AS").append(label).append(parts.group("after").strip());
      } else if (parts.group("collate") == null) {
        text.append(parts.group());
      }
      while (text.length() < end) { // so that positions stay
        text.append(' ');
      }
    }
    return text.append(sql, end, sql.length()).toString();
  }
}
