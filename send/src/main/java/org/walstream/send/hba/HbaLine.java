package org.walstream.send.hba;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line of pg_hba.conf cut into fields, each a list of words that were separated by commas.
///
/// @param wrong why it could not be cut; then there are no fields
record HbaLine(Path file, int number, List<List<HbaToken>> fields, @Nullable HbaException wrong) {

  /// What a line says.
  interface Parser<T> {
    T parse(HbaLine line) throws HbaException;
  }

  HbaLine {
    fields = List.copyOf(fields);
  }

  static HbaLine of(Path file, int number, List<List<HbaToken>> fields) {
    return new HbaLine(file, number, fields, null);
  }

  static HbaLine wrong(Path file, int number, HbaException why) {
    return new HbaLine(file, number, List.of(), why);
  }

  /// What all lines say.
  ///
  /// @throws HbaException for the first that is wrong
  static <T> List<T> parse(List<HbaLine> lines, Parser<T> parser) throws HbaException {
    var all = new ArrayList<T>();
    for (HbaLine line : lines) {
      all.add(line.parse(parser));
    }
    return all;
  }

  /// What each line of a file says, or what is wrong with it; or with the file.
  static <T> List<AuthLine<T>> look(Path file, Parser<T> parser) {
    var all = new ArrayList<AuthLine<T>>();
    try {
      for (HbaLine line : HbaReader.read(file)) {
        all.add(line.look(parser));
      }
    } catch (HbaException e) {
      all.add(AuthLine.wrong(file, 0, e));
    }
    return all;
  }

  private <T> AuthLine<T> look(Parser<T> parser) {
    try {
      return AuthLine.saying(file, number, parse(parser));
    } catch (HbaException e) {
      return AuthLine.wrong(file, number, e);
    }
  }

  private <T> T parse(Parser<T> parser) throws HbaException {
    if (wrong != null) {
      throw wrong;
    }
    return parser.parse(this);
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
