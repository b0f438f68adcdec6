package org.walstream.cli;

import java.sql.SQLException;
import java.sql.Statement;

/// pgbench's tables and its built-in transaction ("TPC-B (sort of)"), in a load that goes on when
/// the server dies, which pgbench itself does not.
///
/// Source: the page of pgbench in PostgreSQL's documentation.
final class PgbenchWork {

  private static final int ACCOUNTS = 10_000;
  private static final int TELLERS = 10;

  /// Counts what ought not to be: all four tables tell of the same money.
  static final String BROKEN_RULE =
      """
      SELECT count(*) FROM (VALUES ((SELECT coalesce(sum(delta), 0) FROM pgbench_history))) AS moved (money)
       WHERE money <> (SELECT sum(abalance) FROM pgbench_accounts)
          OR money <> (SELECT sum(tbalance) FROM pgbench_tellers)
          OR money <> (SELECT sum(bbalance) FROM pgbench_branches)\
      """;

  private PgbenchWork() {}

  /// The `number`th transaction; each number another account and another sum.
  static void once(Statement session, long number) throws SQLException {
    session.execute(
        """
        BEGIN;
        UPDATE pgbench_accounts SET abalance = abalance + %3$d WHERE aid = %1$d;
        SELECT abalance FROM pgbench_accounts WHERE aid = %1$d;
        UPDATE pgbench_tellers SET tbalance = tbalance + %3$d WHERE tid = %2$d;
        UPDATE pgbench_branches SET bbalance = bbalance + %3$d WHERE bid = 1;
        INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (%2$d, 1, %1$d, %3$d, CURRENT_TIMESTAMP);
        END
        """
            .formatted(
                1 + number * 7919 % ACCOUNTS, 1 + number % TELLERS, number % 10_000 - 5_000));
  }

  /// The tables, filled, as `pgbench -i --foreign-keys` makes them, but smaller.
  static String schema(String schema) {
    return """
    CREATE TABLE %1$s.pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88)) WITH (fillfactor = 100);
    CREATE TABLE %1$s.pgbench_tellers (tid int PRIMARY KEY, bid int REFERENCES %1$s.pgbench_branches, tbalance int, filler char(84));
    CREATE TABLE %1$s.pgbench_accounts (aid int PRIMARY KEY, bid int REFERENCES %1$s.pgbench_branches, abalance int, filler char(84));
    CREATE TABLE %1$s.pgbench_history (tid int REFERENCES %1$s.pgbench_tellers, bid int REFERENCES %1$s.pgbench_branches,
      aid int REFERENCES %1$s.pgbench_accounts, delta int, mtime timestamp, filler char(22));
    INSERT INTO %1$s.pgbench_branches VALUES (1, 0);
    INSERT INTO %1$s.pgbench_tellers SELECT g, 1, 0 FROM generate_series(1, %2$d) g;
    INSERT INTO %1$s.pgbench_accounts SELECT g, 1, 0, '' FROM generate_series(1, %3$d) g;
    """
        .formatted(schema, TELLERS, ACCOUNTS);
  }
}
