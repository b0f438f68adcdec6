package org.walstream.receive;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnInfoOption;

/// The hosts of an upstream that has several, which libpq tries from the first to the last: whoever
/// has sent corrupt WAL is tried last.
final class UpstreamHosts {

  private UpstreamHosts() {}

  /// @param first the number of the host to begin with, from 0 on; beyond the last it begins anew
  static ConnInfo beginningWith(int first, ConnInfo conninfo) {
    int hosts =
        Math.max(
            count(conninfo.get(ConnInfoOption.HOST)), count(conninfo.get(ConnInfoOption.HOSTADDR)));
    if (first == 0 || hosts < 2) {
      return conninfo;
    }
    ConnInfo turned = conninfo;
    for (ConnInfoOption option :
        List.of(ConnInfoOption.HOST, ConnInfoOption.HOSTADDR, ConnInfoOption.PORT)) {
      Optional<String> list = conninfo.get(option);
      if (count(list) == hosts) { // one port is that of all hosts
        turned = turned.with(option, turned(list.orElseThrow(), first % hosts));
      }
    }
    return turned;
  }

  private static int count(Optional<String> list) {
    return list.map(text -> text.split(",", -1).length).orElse(0);
  }

  private static String turned(String list, int by) {
    var elements = new ArrayList<>(List.of(list.split(",", -1)));
    Collections.rotate(elements, -by);
    return String.join(",", elements);
  }
}
