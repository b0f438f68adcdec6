package org.walstream.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.walstream.wal.WalFormat;
import org.walstream.wal.rmgr.Rmgr;

/// The table in a document on coverage: every record type there is, and how each version's has been
/// seen.
///
/// ```
/// | resource manager | record type | 15 | 16 | 17 | 18 |
/// |---|---|---|---|---|---|
/// | Heap | INSERT | seen | seen | seen | seen |         marks, several between commas
/// | Heap | INPLACE | seen | seen | **not seen** | seen |
/// | Heap2 | VACUUM | seen | seen | – | – |             that version has no such record
///
/// ## Not seen
///
/// - Heap INPLACE (17): the reason
/// ```
///
/// The types are asked of [Rmgr], so a document cannot leave one out. Types are called
/// `Heap/INSERT` here. Not for several threads.
public final class RecordTypeTable {

  /// To be replaced by a statement that makes the record, or by a reason.
  public static final String NO_REASON = "nobody has found the statement yet.";

  private static final String NOT_SEEN = "**not seen**";
  private static final String NONE = "–";

  private record Seen(WalFormat format, String mark) {}

  private final List<String> marks;
  private final Map<Seen, Set<String>> seen = new HashMap<>();

  private RecordTypeTable(List<String> marks) {
    this.marks = marks;
  }

  /// Reads the table of a document, which may not have one yet.
  ///
  /// @param marks the ways in which a type can have been seen, in the order of a cell
  public static RecordTypeTable parse(String document, List<String> marks) {
    var table = new RecordTypeTable(marks);
    var formats = WalFormat.values();
    for (String line : document.lines().filter(line -> line.startsWith("| ")).toList()) {
      String[] cells = line.split("\\|");
      for (int i = 0; i < formats.length && 3 + i < cells.length; i++) {
        String type = cells[1].strip() + "/" + cells[2].strip();
        for (String mark : cells[3 + i].strip().split(", ")) {
          if (marks.contains(mark)) {
            table.seen(formats[i], mark).add(type);
          }
        }
      }
    }
    return table;
  }

  /// The types that have been seen in this way; changes show in [#text].
  public Set<String> seen(WalFormat format, String mark) {
    return seen.computeIfAbsent(new Seen(format, mark), _ -> new TreeSet<>());
  }

  /// The table, and the types that have not been seen.
  ///
  /// @param reasons why not, by type
  public String text(Map<String, String> reasons) {
    var text = new StringBuilder("\n| resource manager | record type |");
    for (WalFormat format : WalFormat.values()) {
      text.append(' ').append(format.majorVersion()).append(" |");
    }
    text.append("\n|---|---|").append("---|".repeat(WalFormat.values().length)).append('\n');
    var unseen = new ArrayList<String>();
    for (Rmgr rmgr : Rmgr.values()) {
      for (String name : names(rmgr)) {
        row(rmgr, name, text, unseen, reasons);
      }
    }
    text.append("\n## Not seen\n\n");
    unseen.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private void row(
      Rmgr rmgr,
      String name,
      StringBuilder text,
      List<String> unseen,
      Map<String, String> reasons) {
    String type = rmgr.rmgrName() + "/" + name;
    var missing = new ArrayList<String>();
    text.append("| ").append(rmgr.rmgrName()).append(" | ").append(name).append(" |");
    for (WalFormat format : WalFormat.values()) {
      String cell = names(rmgr, List.of(format)).contains(name) ? cell(format, type) : NONE;
      if (cell.equals(NOT_SEEN)) {
        missing.add(Integer.toString(format.majorVersion()));
      }
      text.append(' ').append(cell).append(" |");
    }
    text.append('\n');
    if (!missing.isEmpty()) {
      String versions = String.join(", ", missing);
      String reason = reasons.getOrDefault(type, NO_REASON);
      unseen.add("- %s %s (%s): %s".formatted(rmgr.rmgrName(), name, versions, reason));
    }
  }

  private String cell(WalFormat format, String type) {
    String cell =
        marks.stream()
            .filter(mark -> seen(format, mark).contains(type))
            .collect(Collectors.joining(", "));
    return cell.isEmpty() ? NOT_SEEN : cell;
  }

  /// Of all versions.
  private static Set<String> names(Rmgr rmgr) {
    return names(rmgr, List.of(WalFormat.values()));
  }

  /// Types in the order of their opcodes.
  private static Set<String> names(Rmgr rmgr, List<WalFormat> formats) {
    var names = new LinkedHashSet<String>();
    for (int info = 0; info <= 0xF0; info += 0x10) {
      for (WalFormat format : formats) {
        String name = rmgr.recordName(format, info);
        if (name != null) {
          names.add(name);
        }
      }
    }
    return names;
  }
}
