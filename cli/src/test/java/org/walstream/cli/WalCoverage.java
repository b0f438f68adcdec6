package org.walstream.cli;

import java.util.Map;
import org.walstream.testkit.RecordTypeTable;

/// docs/wal-coverage.md: which types of record there are, and which of them a test has compared
/// with PostgreSQL's own reading.
final class WalCoverage {

  static final String SEEN = "seen";

  private WalCoverage() {}

  /// The document.
  static String text(RecordTypeTable table) {
    return HEAD + table.text(WHY_NOT);
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
