package org.walstream.observe.sql.dialect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where in a query a name stands that is wrong.
public final class NamePosition {

  private NamePosition() {}

  /// Where `name`, or its last part, stands first, in characters from 1 on; 0 if it does not.
  public static int in(String sql, String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    for (String wanted : new String[] {name, last}) {
      Matcher matcher =
          Pattern.compile(
                  "(?<![\\w.\"])\"?" + Pattern.quote(wanted) + "(?![\\w])",
                  Pattern.CASE_INSENSITIVE)
              .matcher(sql);
      if (matcher.find()) {
        return sql.codePointCount(0, matcher.start()) + 1;
      }
    }
    return 0;
  }
}
