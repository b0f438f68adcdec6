package org.walstream.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.walstream.wal.WalFormat;
import org.walstream.wal.rmgr.Rmgr;

/// docs/wal-coverage.md: which types of record there are, and which of them a test has compared
/// with PostgreSQL's own reading.
///
/// The types are asked of [Rmgr], so the document cannot leave one out.
final class WalCoverage {

  private static final String SEEN = "seen";
  private static final String NOT_SEEN = "**not seen**";
  private static final String NONE = "–";

  /// The types seen, by version: `Heap/INSERT`.
  private final Map<WalFormat, Set<String>> seen = new TreeMap<>();

  WalCoverage() {
    for (WalFormat format : WalFormat.values()) {
      seen.put(format, new TreeSet<>());
    }
  }

  /// Reads the document back.
  static WalCoverage parse(String document) {
    var coverage = new WalCoverage();
    var formats = WalFormat.values();
    for (String line : document.lines().filter(line -> line.startsWith("| ")).toList()) {
      String[] cells = line.split("\\|");
      for (int i = 0; i < formats.length && 3 + i < cells.length; i++) {
        if (cells[3 + i].strip().equals(SEEN)) {
          coverage.seen(formats[i]).add(cells[1].strip() + "/" + cells[2].strip());
        }
      }
    }
    return coverage;
  }

  Set<String> seen(WalFormat format) {
    return seen.getOrDefault(format, Set.of());
  }

  void see(WalFormat format, Set<String> types) {
    seen.put(format, new TreeSet<>(types));
  }

  /// The document.
  String format() {
    var text = new StringBuilder(HEAD);
    text.append("\n| resource manager | record type |");
    for (WalFormat format : WalFormat.values()) {
      text.append(' ').append(format.majorVersion()).append(" |");
    }
    text.append("\n|---|---|").append("---|".repeat(WalFormat.values().length)).append('\n');
    var unseen = new ArrayList<String>();
    for (Rmgr rmgr : Rmgr.values()) {
      for (String name : names(rmgr)) {
        row(rmgr, name, text, unseen);
      }
    }
    text.append("\n## Not seen\n\n");
    unseen.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private void row(Rmgr rmgr, String name, StringBuilder text, List<String> unseen) {
    String type = rmgr.rmgrName() + "/" + name;
    var missing = new ArrayList<String>();
    text.append("| ").append(rmgr.rmgrName()).append(" | ").append(name).append(" |");
    for (WalFormat format : WalFormat.values()) {
      String cell = NONE;
      if (names(rmgr, format).contains(name)) {
        cell = seen(format).contains(type) ? SEEN : NOT_SEEN;
      }
      if (cell.equals(NOT_SEEN)) {
        missing.add(Integer.toString(format.majorVersion()));
      }
      text.append(' ').append(cell).append(" |");
    }
    text.append('\n');
    if (!missing.isEmpty()) {
      unseen.add(
          "- %s %s (%s): %s"
              .formatted(
                  rmgr.rmgrName(),
                  name,
                  String.join(", ", missing),
                  WHY_NOT.getOrDefault(type, "nobody has found the statement yet.")));
    }
  }

  /// All types of all versions, in the order of their opcodes.
  private static Set<String> names(Rmgr rmgr) {
    var names = new LinkedHashSet<String>();
    for (int info = 0; info <= 0xF0; info += 0x10) {
      for (WalFormat format : WalFormat.values()) {
        String name = rmgr.recordName(format, info);
        if (name != null) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static Set<String> names(Rmgr rmgr, WalFormat format) {
    var names = new TreeSet<String>();
    for (int info = 0; info <= 0xF0; info += 0x10) {
      String name = rmgr.recordName(format, info);
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  private static final String HEAD =
      """
      # WAL coverage

      Every record type of PostgreSQL 15 to 18, in the order of resource managers and opcodes, and whether Walstream's reading of it
      has been compared with PostgreSQL's own.

      - **seen**: decoded, described and compared. `WalInspectIT` makes real servers of that version write the record, about a million
        records of each version in all, and what Walstream reads of every one (positions, transaction, names, lengths, description,
        block references) is what `pg_get_wal_records_info()` of that server says, to the byte.
      - **not seen**: decoded and described from PostgreSQL's source, and not compared; below stands why.
      - **–**: that version has no such record.

      Any bytes at all in a record of any type are tried by `RmgrFuzzTest`. `WalInspectIT` fails when this table is not what it sees;
      to write it anew:

      ```sh
      ./mvnw -pl cli -am verify -Dtest=NONE -Dit.test=WalInspectIT -Dsurefire.failIfNoSpecifiedTests=false \\
          -Dfailsafe.failIfNoSpecifiedTests=false -Dwalstream.update.coverage=true
      ```
      """;

  /// Why no statement of ours makes a record of this type.
  private static final Map<String, String> WHY_NOT =
      Map.of(
          "XLOG/NOOP", "nothing in PostgreSQL writes it.",
          "Heap/HOT_UPDATE+INIT",
              "a tuple updated on its own page is never the first of a new page.");
}
