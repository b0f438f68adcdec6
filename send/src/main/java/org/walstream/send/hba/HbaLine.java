package org.walstream.send.hba;

import java.nio.file.Path;
import java.util.List;

/// A line of pg_hba.conf cut into fields, each a list of words that were separated by commas.
record HbaLine(Path file, int number, List<List<HbaToken>> fields) {

  HbaLine {
    fields = List.copyOf(fields);
  }

  HbaException error(String message) {
    return HbaException.at(file, number, message);
  }

  /// The one word of field `index`.
  ///
  /// @throws HbaException if there is a list, or nothing
  String single(int index, String what) throws HbaException {
    if (index >= fields.size()) {
      throw error("end-of-line before " + what + " specification");
    }
    if (fields.get(index).size() > 1) {
      throw error("multiple values specified for " + what);
    }
    return fields.get(index).getFirst().text();
  }
}
