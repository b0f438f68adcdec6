package org.walstream.observe.sql.dialect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes out of a query what the parser does not know and the engine does not need, leaving every
/// other character in its place, so that positions in errors stay right.
final class QueryText {

  private static final Pattern PARTS =
      Pattern.compile(
          "'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n"
              + "]*|/\\*.*?\\*/"
              + "|(?<operator>\\bOPERATOR\\s*\\(\\s*pg_catalog\\s*\\.\\s*(?<symbol>[^)\\s]+)\\s*\\))"
              + "|(?<typed>\\b(?<type>pg_lsn|inet|cidr|macaddr|uuid|jsonb?|reg(?:class|type|role|namespace)"
              + "|numeric|int[248]|float[48]|text|name|oid|xid8?|bytea|bool)\\s+(?<constant>'(?:[^']|'')*'))"
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
