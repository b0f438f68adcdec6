package org.walstream.cli.waldump;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.walstream.wal.record.RelFileLocator;

/// Names for relations, as somebody has written them down: WAL knows numbers only.
///
/// ```
/// accounts 1663/16384/16385
/// accounts 1663/16384/16402      # before VACUUM FULL
/// ```
///
/// A line for each: the name, blanks, `tablespace/database/filenode`; `#` begins a comment. A name
/// may have several lines. The query that writes such a file is in the module's README.
final class RelationMap {

  private record Entry(String name, RelFileLocator relation) {}

  private final List<Entry> entries = new ArrayList<>();

  private RelationMap() {}

  /// @throws WaldumpFailure naming file and line, for one that is no entry
  static RelationMap read(Path file) throws IOException {
    var map = new RelationMap();
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new WaldumpFailure("could not read file \"%s\": %s".formatted(file, e.getMessage()));
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").strip();
      if (!line.isEmpty()) {
        map.entries.add(entry(line, file, i + 1));
      }
    }
    return map;
  }

  /// Every relation of this name.
  ///
  /// @throws WaldumpFailure when there is none
  List<RelFileLocator> named(String name) throws WaldumpFailure {
    var found =
        entries.stream().filter(entry -> entry.name.equals(name)).map(Entry::relation).toList();
    if (found.isEmpty()) {
      throw new WaldumpFailure("relation \"%s\" is not in the map".formatted(name));
    }
    return found;
  }

  private static Entry entry(String line, Path file, int number) throws WaldumpFailure {
    int blank = Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t'));
    int[] numbers = blank < 0 ? new int[0] : ScanF.triple(line.substring(blank + 1));
    if (numbers.length == 0) {
      throw new WaldumpFailure(
          "invalid line %d of file \"%s\": \"%s\"".formatted(number, file, line),
          "Expecting a name and \"tablespace OID/database OID/relation filenode\".");
    }
    return new Entry(
        line.substring(0, blank).strip(), new RelFileLocator(numbers[0], numbers[1], numbers[2]));
  }
}
