package org.walstream.cli.status;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.walstream.wire.client.QueryResult;

/// What a server has answered: rows as they came, by the name of the question, and what is wrong.
///
/// @param server how it was asked for
/// @param pid of its process, when it was asked for as the node of a directory on this machine
/// @param failure why it could not be asked; empty if it could
/// @param answers rows by subject: `node`, `upstream`, `standbys`, `slots`, `store`, `errors`
/// @param problems in words, each with its subject
record ServerReport(
    String server,
    OptionalLong pid,
    String failure,
    Map<String, List<Map<String, String>>> answers,
    List<String> problems) {

  static ServerReport unreachable(String server, String failure) {
    return new ServerReport(server, OptionalLong.empty(), failure, Map.of(), List.of());
  }

  ServerReport ofProcess(long process) {
    return new ServerReport(server, OptionalLong.of(process), failure, answers, problems);
  }

  boolean isReachable() {
    return failure.isEmpty();
  }

  List<Map<String, String>> rows(String subject) {
    return answers.getOrDefault(subject, List.of());
  }

  /// Rows by the names of their columns; NULL is not there.
  static List<Map<String, String>> rows(QueryResult result) {
    var rows = new ArrayList<Map<String, String>>();
    for (int row = 0; row < result.rows().size(); row++) {
      var values = new LinkedHashMap<String, String>();
      for (int column = 0; column < result.columns().size(); column++) {
        String value = result.text(row, column);
        if (value != null) {
          values.put(result.columns().get(column), value);
        }
      }
      rows.add(values);
    }
    return rows;
  }
}
