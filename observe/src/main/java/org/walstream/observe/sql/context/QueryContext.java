package org.walstream.observe.sql.context;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.Status;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.send.hba.User;
import org.walstream.send.sql.SqlSession;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// What a query is asked about, and by whom. The engine calls functions on the thread that runs the
/// query, and hands them nothing of ours; so this is where they find it.
///
/// @param begun when the statement began
public record QueryContext(Status status, Catalog catalog, SqlSession session, Instant begun) {

  private static final ScopedValue<QueryContext> CURRENT = ScopedValue.newInstance();

  /// Runs `work` with this as [#current].
  public <T, E extends Exception> T call(ScopedValue.CallableOp<T, E> work) throws E {
    return ScopedValue.where(CURRENT, this).call(work);
  }

  public static QueryContext current() {
    return CURRENT.get();
  }

  /// Who asks; empty when the user has been removed since.
  public Optional<User> user() {
    String name = session.client().user();
    return status.users().stream().filter(user -> user.name().equals(name)).findFirst();
  }

  /// Asked between two rows, wherever rows are made.
  ///
  /// @throws ServerError if the statement is to end
  public void checkInterrupts() throws ServerError {
    session.interrupts().check();
  }

  /// @throws ServerError if who asks may not replicate, and so may not handle slots
  public void requireReplication() throws ServerError {
    if (!user().map(User::replication).orElse(false)) {
      throw ServerError.error(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to use replication slots")
          .withDetail("Only roles with the REPLICATION attribute may use replication slots.");
    }
  }

  /// A position as the engine carries it: NULL for 0.
  public static @Nullable BigDecimal lsn(long lsn) {
    return lsn == 0 ? null : new BigDecimal(Long.toUnsignedString(lsn));
  }
}
