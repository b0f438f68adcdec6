package org.walstream.send.sync;

import java.util.List;

/// A value of `synchronous_standby_names`: how many of whom.
///
/// ```
/// a, b            FIRST 1 (a, b)
/// 2 (a, b, c)     FIRST 2 (a, b, c)
/// FIRST 2 (…)     those that come first in the list
/// ANY 2 (…)       any
/// *               whoever comes
/// ```
///
/// Source: src/backend/replication/syncrep_gram.y, syncrep_scanner.l.
///
/// @param text as it was written
public record StandbyNames(String text, Method method, int count, List<String> names) {

  /// How those that count are chosen.
  public enum Method {
    FIRST,
    ANY
  }

  private static final String WHOEVER = "*";

  public StandbyNames {
    names = List.copyOf(names);
  }

  /// @throws StandbyNamesException in PostgreSQL's words
  public static StandbyNames parse(String text) throws StandbyNamesException {
    return new StandbyNamesParser(text).parse();
  }

  /// 1 for those that count first; 0 for those that never do. In a quorum all are equal.
  ///
  /// Counterpart of SyncRepGetStandbyPriority(), syncrep.c.
  int priority(String applicationName) {
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.equalsIgnoreCase(applicationName) || name.equals(WHOEVER)) {
        return method == Method.FIRST ? i + 1 : 1;
      }
    }
    return 0;
  }
}
