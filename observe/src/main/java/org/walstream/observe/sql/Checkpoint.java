package org.walstream.observe.sql;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.walstream.observe.ReplayStatus;
import org.walstream.observe.Status;
import org.walstream.send.sql.SqlSession;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// `CHECKPOINT`: on a standby, a restart point at the last checkpoint that has been replayed. A
/// node that replays nothing has none to make.
///
/// Counterpart of T_CheckPointStmt, src/backend/tcop/utility.c.
final class Checkpoint {

  private static final Duration LOOK = Duration.ofMillis(10);

  private Checkpoint() {}

  /// Returns once it has been made.
  static void make(Status status, SqlSession session) throws ServerError {
    String name = session.client().user();
    boolean may =
        status.users().stream().anyMatch(user -> user.name().equals(name) && user.superuser());
    if (!may) {
      throw ServerError.error(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to execute CHECKPOINT command")
          .withDetail(
              "Only roles with privileges of the \"pg_checkpoint\" role may execute this command.");
    }
    ReplayStatus replay =
        status
            .replay()
            .orElseThrow(() ->
                ServerError.error(
                    SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "this node replays no WAL"));
    BooleanSupplier made = replay.requestRestartPoint();
    while (!made.getAsBoolean()) {
      session.interrupts().sleep(LOOK);
    }
  }
}
