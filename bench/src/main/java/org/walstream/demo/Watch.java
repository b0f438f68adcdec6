package org.walstream.demo;

import java.sql.Connection;
import java.sql.SQLException;
import org.walstream.testkit.PostgresServer;

/// Reads the positions of all four servers once a second and makes one line of them.
///
/// The relay's position is the one the primary believes (pg_stat_replication): what it has
/// acknowledged as being on disk.
final class Watch implements AutoCloseable {

  /// Lines fit a terminal of 80 columns, or rewriting them in place would not work.
  static final String HEADING =
      "                            lag    lag: standbys of\n"
          + " time  primary at        relay  PostgreSQL   Walstream         rows   WAL rate";

  /// Asked first, so that no standby ever seems to be ahead.
  private static final String OF_STANDBY = "SELECT pg_last_wal_replay_lsn() - '0/0'";

  private final Connection primary;
  private final Connection standby;
  private final Connection javaStandby;
  private final String ofPrimary;
  private long lastWritten;
  private long lastNanos;

  Watch(PostgresServer primary, PostgresServer standby, PostgresServer javaStandby, String relay)
      throws SQLException {
    this.primary = primary.jdbc();
    this.standby = standby.jdbc();
    this.javaStandby = javaStandby.jdbc();
    this.ofPrimary =
        """
        SELECT pg_current_wal_flush_lsn(), pg_current_wal_flush_lsn() - '0/0',
               coalesce(max(flush_lsn), '0/0') - '0/0'
        FROM pg_stat_replication WHERE application_name = '%s'
        """
            .formatted(relay);
    line(0, 0); // sets the starting point of the rate
  }

  String line(long seconds, long rows) throws SQLException {
    long replayed = replayed(standby);
    long replayedByJava = replayed(javaStandby);
    try (var statement = primary.createStatement();
        var row = statement.executeQuery(ofPrimary)) {
      row.next();
      var written = row.getLong(2);
      return "%3d s  %-11s %8s kB %8s kB %8s kB %,12d  %4.0f MB/s"
          .formatted(
              seconds,
              row.getString(1),
              kilobytes(written - row.getLong(3)),
              kilobytes(written - replayed),
              kilobytes(written - replayedByJava),
              rows,
              rate(written));
    }
  }

  private static long replayed(Connection standby) throws SQLException {
    try (var statement = standby.createStatement();
        var row = statement.executeQuery(OF_STANDBY)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    try (primary;
        standby) {
      javaStandby.close();
    }
  }

  private static String kilobytes(long bytes) {
    return "%,d".formatted((Math.max(0, bytes) + 999) / 1000);
  }

  private double rate(long written) {
    var now = System.nanoTime();
    var rate = (written - lastWritten) * 1e3 / (now - lastNanos); // bytes per nanosecond to MB/s
    lastWritten = written;
    lastNanos = now;
    return rate;
  }
}
