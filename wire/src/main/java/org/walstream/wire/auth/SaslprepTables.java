package org.walstream.wire.auth;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The classes of characters that SASLprep asks for, of Unicode 3.2. They are in a file beside this
/// class, which is read when the first password comes along that is not all ASCII.
///
/// Source: RFC 3454, appendices A to D.
final class SaslprepTables {

  enum Table {
    /// Becomes a space.
    SPACE,
    /// Vanishes.
    NOTHING,
    PROHIBITED,
    UNASSIGNED,
    /// Written from right to left.
    RANDALCAT,
    /// Written from left to right.
    LCAT
  }

  private static final String FILE = "saslprep.txt";

  private static final class Loaded {
    static final SaslprepTables TABLES = load();
  }

  /// First and last code point of each range, ascending.
  private final Map<Table, int[]> ranges;

  private SaslprepTables(Map<Table, int[]> ranges) {
    this.ranges = ranges;
  }

  static SaslprepTables get() {
    return Loaded.TABLES;
  }

  private static SaslprepTables load() {
    try (InputStream file = SaslprepTables.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException(FILE + " is missing");
      }
      return parse(new BufferedReader(new InputStreamReader(file, StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + FILE, e);
    }
  }

  private static SaslprepTables parse(BufferedReader lines) throws IOException {
    var tables = new EnumMap<Table, int[]>(Table.class);
    Table table = Table.SPACE;
    List<Integer> bounds = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("[")) {
        table = Table.valueOf(line.substring(1, line.length() - 1));
        bounds = new ArrayList<>();
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        for (String range : line.split(" ", -1)) {
          int dash = range.indexOf('-');
          bounds.add(Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16));
          bounds.add(Integer.parseInt(range.substring(dash + 1), 16));
        }
        tables.put(table, bounds.stream().mapToInt(Integer::intValue).toArray());
      }
    }
    return new SaslprepTables(tables);
  }

  boolean contains(Table table, int codePoint) {
    int[] bounds = ranges.getOrDefault(table, new int[0]);
    int low = 0;
    int high = bounds.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (codePoint < bounds[2 * middle]) {
        high = middle - 1;
      } else if (codePoint > bounds[2 * middle + 1]) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }
}
