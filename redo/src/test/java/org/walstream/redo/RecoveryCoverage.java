package org.walstream.redo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.walstream.testkit.RecordTypeTable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;

/// docs/recovery-coverage.md: which types of record there are, and which tests have had them redone
/// beside a server of each version.
///
/// The types are asked of [Rmgr], so the document cannot leave one out; the tests hold against it
/// what they have seen, so it cannot say too much either. With `-Dwalstream.update.coverage=true`
/// they write it.
public final class RecoveryCoverage {

  /// How a type has been seen.
  public enum Way {
    /// `XConsistencyIT`: the page after each record.
    PAGE("page"),
    /// `ReplayIT`: the directory at the end.
    DIRECTORY("directory"),
    /// `RareRecordsIT`: the directory, after what takes a million transactions, a crash, a
    /// promotion.
    RARE("rare");

    private final String mark;

    Way(String mark) {
      this.mark = mark;
    }
  }

  private static final Path DOCUMENT = Path.of("..", "docs", "recovery-coverage.md");
  private static final List<String> MARKS = Stream.of(Way.values()).map(way -> way.mark).toList();

  private RecoveryCoverage() {}

  /// The type as it is called here, or null for an extension's record.
  public static String typeOf(DecodedXLogRecord record) {
    Rmgr rmgr = Rmgr.ofId(record.rmgrId());
    return rmgr == null
        ? "custom"
        : rmgr.rmgrName() + "/" + rmgr.recordName(record.format(), record.info());
  }

  /// The document says of these resource managers that exactly these types have been seen in this
  /// way, and nothing but what it is to say.
  public static void check(int major, Way way, EnumSet<Rmgr> rmgrs, Collection<String> types)
      throws IOException {
    WalFormat format = WalFormat.ofMajorVersion(major).orElseThrow();
    String document = Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "";
    RecordTypeTable table = RecordTypeTable.parse(document, MARKS);
    Set<String> marked = table.seen(format, way.mark);
    if (Boolean.getBoolean("walstream.update.coverage")) {
      marked.removeIf(type -> isOf(type, rmgrs));
      marked.addAll(types);
      Files.writeString(DOCUMENT, text(table));
      return;
    }
    assertThat(marked.stream().filter(type -> isOf(type, rmgrs)).toList())
        .as("seen by version %d: %s, by docs/recovery-coverage.md", major, way.mark)
        .containsExactlyInAnyOrderElementsOf(types);
    assertThat(document).as("docs/recovery-coverage.md").isEqualTo(text(table));
  }

  private static boolean isOf(String type, EnumSet<Rmgr> rmgrs) {
    return rmgrs.stream().anyMatch(rmgr -> type.startsWith(rmgr.rmgrName() + "/"));
  }

  /// The document as it is to be with what it says now.
  static String asWritten(String document) {
    return text(RecordTypeTable.parse(document, MARKS));
  }

  private static String text(RecordTypeTable table) {
    return HEAD + table.text(WHY_NOT) + TAIL;
  }

  private static final String HEAD =
      """
      # Recovery coverage

      Every record type of PostgreSQL 15 to 18, in the order of resource managers and opcodes, and which test has had it replayed beside a
      server of that version.

      - **page**: the server wrote it with `wal_consistency_checking`; our page was compared with its own after it (`XConsistencyIT`, every
        type and block is listed there and must have been compared).
      - **directory**: it is in the WAL of `ReplayIT` (`every-record.sql`), after which all files are compared with a real standby's.
      - **rare**: the same in `RareRecordsIT`: what takes a million transactions, a restart, a crash or a promotion.
      - **not seen**: below stands why, and what else has tried it.
      - **–**: that version has no such record.

      These tests fail when this table is not what they see; to write it anew:

      ```sh
      ./mvnw -pl redo -am verify -Dtest=NONE '-Dit.test=*ConsistencyIT,ReplayIT,RareRecordsIT' \\
          -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false -Dwalstream.update.coverage=true
      ```
      """;

  private static final String TAIL =
      """

      ## Beside the table

      - `IndexRecoveryIT`, `BtreeRecoveryIT`, `HashRecoveryIT`, `HeapStandbyIT`: every byte of a page, what the consistency check masks too, as
        that server's own recovery left it. `ControlRedoIT`: SLRUs, two-phase files, maps, directories beside a real standby.
      - Parts of types that no server reached, by crafted records alone: the second bitmap of Hash ADD_OVFL_PAGE and the next page of
        SQUEEZE_PAGE, SPLIT of an inner Gin posting page, Heap LOCK_UPDATED with a map page and UPDATE with two.
      - Records of custom resource managers (128 and above) are refused, with number and LSN, unless told to skip.
      - PostgreSQL 18's regression suite (4.0 GB of WAL, see [redo.md](redo.md)) was replayed with every record compared.

      **A fault of PostgreSQL's own, met here.** Redo of `Gist/DELETE` sets a flag on the page that the primary does not. With
      `wal_consistency_checking = gist` a server's own recovery stops there with `inconsistent page found`, and so does `walstream replay --verify`.
      """;

  /// Why no server has written it for us.
  private static final Map<String, String> WHY_NOT =
      Map.of(
          "XLOG/NOOP", "nothing in PostgreSQL writes it.",
          "Gist/ASSIGN_LSN",
              "written with `wal_level = minimal` alone, which no standby follows; it changes"
                  + " nothing.",
          "Heap/HOT_UPDATE+INIT",
              "a tuple updated on its own page is never the first of a new page.");
}
