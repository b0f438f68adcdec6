package org.walstream.wal.time;

import java.util.List;

/// The leap seconds of a zone file that reckons with them, ascending.
record LeapSeconds(List<LeapSecond> list) {

  /// @param occurrence the leap second itself, by a clock that counts them all
  /// @param total how many there have been, this one included
  record LeapSecond(long occurrence, int total) {}

  int at(long epochSecond) {
    int last = last(epochSecond);
    return last < 0 ? 0 : list.get(last).total;
  }

  /// Whether one is inserted just then. None has ever been taken away.
  boolean isOne(long epochSecond) {
    int last = last(epochSecond);
    return last >= 0
        && list.get(last).occurrence == epochSecond
        && list.get(last).total > (last == 0 ? 0 : list.get(last - 1).total);
  }

  private int last(long epochSecond) {
    int last = list.size() - 1;
    while (last >= 0 && epochSecond < list.get(last).occurrence) {
      last--;
    }
    return last;
  }
}
