package org.walstream.cli.waldump;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.walstream.cli.waldump.Statistics.Row;
import org.walstream.wal.Lsn;
import org.walstream.wal.rmgr.Rmgr;

/// Statistics as pg_waldump prints them. Counterpart of XLogDumpDisplayStats().
final class StatisticsTable {

  private static final String HEADING = "%-27s %20s %8s %20s %8s %20s %8s %20s %8s\n";
  private static final String ROW = "%-27s %20d (%6s) %20d (%6s) %20d (%6s) %20d (%6s)\n";
  private static final String RULE = "%-27s %20s %8s %20s %8s %20s %8s %20s\n";
  private static final String TOTAL = "%-27s %20d %-9s%20d %-9s%20d %-9s%20d %-6s\n";

  private final Statistics statistics;
  private final Row total;
  private final StringBuilder out = new StringBuilder();

  private StatisticsTable(Statistics statistics) {
    this.statistics = statistics;
    this.total = statistics.total();
  }

  /// @param startLsn where the first record read starts, counted or not
  /// @param perRecord a line for each record type that there is, else one for each resource manager
  /// @return empty when nothing was counted
  static String of(Statistics statistics, long startLsn, boolean perRecord) {
    return statistics.isEmpty() ? "" : new StatisticsTable(statistics).text(startLsn, perRecord);
  }

  private String text(long startLsn, boolean perRecord) {
    add(
        "WAL statistics between %s and %s:\n",
        Lsn.format(startLsn), Lsn.format(statistics.endLsn()));
    add(
        HEADING,
        "Type",
        "N",
        "(%)",
        "Record size",
        "(%)",
        "FPI size",
        "(%)",
        "Combined size",
        "(%)");
    add(
        HEADING,
        "----",
        "-",
        "---",
        "-----------",
        "---",
        "--------",
        "---",
        "-------------",
        "---");
    for (int rmgr = 0; rmgr < Statistics.RMGRS; rmgr++) {
      if (perRecord) {
        types(rmgr);
      } else if (Rmgr.ofId(rmgr) != null || statistics.rmgr(rmgr).count() > 0) {
        row(RmgrNames.of(rmgr), statistics.rmgr(rmgr));
      }
    }
    add(RULE, "", "--------", "", "--------", "", "--------", "", "--------");
    add(
        TOTAL,
        "Total",
        total.count(),
        "",
        total.recordBytes(),
        share(total.recordBytes()),
        total.imageBytes(),
        share(total.imageBytes()),
        total.bytes(),
        "[100%]");
    return out.toString();
  }

  private void types(int rmgr) {
    for (int type = 0; type < Statistics.TYPES; type++) {
      Row row = statistics.type(rmgr, type);
      if (row.count() > 0) {
        row(statistics.typeName(rmgr, type), row);
      }
    }
  }

  private void row(String name, Row row) {
    add(
        ROW,
        name,
        row.count(),
        percent(row.count(), total.count()),
        row.recordBytes(),
        percent(row.recordBytes(), total.recordBytes()),
        row.imageBytes(),
        percent(row.imageBytes(), total.imageBytes()),
        row.bytes(),
        percent(row.bytes(), total.bytes()));
  }

  private String share(long bytes) {
    return "[" + percent(bytes, total.bytes()) + "%]";
  }

  /// %.02f, rounded as C rounds: the exact value of the double, halves to even.
  private static String percent(long part, long whole) {
    double percent = whole == 0 ? 0 : 100 * (double) part / whole;
    return new BigDecimal(percent).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
  }

  private void add(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values));
  }
}
