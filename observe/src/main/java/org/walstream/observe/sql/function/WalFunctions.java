package org.walstream.observe.sql.function;

import static org.walstream.observe.sql.context.QueryContext.lsn;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.store.ServedTimeline;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentName;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Positions in WAL, and the files they lie in. Positions come and go as numbers.
///
/// Counterpart of src/backend/access/transam/xlogfuncs.c and src/backend/utils/adt/pg_lsn.c.
public final class WalFunctions {

  private WalFunctions() {}

  /// What is received is told once it is flushed, as PostgreSQL does.
  public static @Nullable BigDecimal flushedLsn() {
    return QueryContext.current()
        .status()
        .store()
        .currentLog()
        .map(log -> lsn(log.flushedLsn()))
        .orElse(null);
  }

  /// Asked of a standby: there is no place where WAL is written.
  public static BigDecimal currentLsn() throws SQLException {
    if (inRecovery()) {
      throw recoveryInProgress();
    }
    return BigDecimal.valueOf(log().writtenLsn());
  }

  private static SQLException recoveryInProgress() {
    return new RefusedException(
        ServerError.error(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "recovery is in progress")
            .withHint("WAL control functions cannot be executed during recovery."));
  }

  /// `0/3000060` as a number.
  public static @Nullable BigDecimal parse(@Nullable String text) throws SQLException {
    if (text == null) {
      return null;
    }
    try {
      return new BigDecimal(Long.toUnsignedString(Lsn.parse(text.strip()).value()));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          ServerError.error(
              SqlState.INVALID_TEXT_REPRESENTATION,
              "invalid input syntax for type pg_lsn: \"%s\"".formatted(text)));
    }
  }

  /// A number as `0/3000060`.
  public static @Nullable String format(@Nullable BigDecimal lsn) {
    return lsn == null ? null : Lsn.format(lsn.longValue());
  }

  public static @Nullable BigDecimal difference(
      @Nullable BigDecimal lsn, @Nullable BigDecimal other) {
    return lsn == null || other == null ? null : lsn.subtract(other);
  }

  /// The file with a position, on the timeline that is received. A position at the start of a
  /// segment is in that, as in PostgreSQL from 17 on.
  public static @Nullable String fileName(@Nullable BigDecimal lsn) throws SQLException {
    if (lsn == null) {
      return null;
    }
    ServedTimeline log = log();
    long end = lsn.longValue();
    return new WalSegmentName(
            log.timeline(), log.segmentSize().segmentNumber(end), log.segmentSize())
        .fileName();
  }

  static ServedTimeline log() throws SQLException {
    return QueryContext.current()
        .status()
        .store()
        .currentLog()
        .orElseThrow(() ->
            new RefusedException(
                ServerError.error(
                    SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                    "this node has not received any WAL yet")));
  }

  static long offset(BigDecimal lsn) throws SQLException {
    return lsn.toBigInteger().mod(BigInteger.valueOf(log().segmentSize().bytes())).longValueExact();
  }

  public static boolean inRecovery() {
    return true; // nobody may take a node for a primary
  }
}
