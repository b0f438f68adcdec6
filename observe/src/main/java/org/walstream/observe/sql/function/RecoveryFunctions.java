package org.walstream.observe.sql.function;

import static org.walstream.observe.sql.context.QueryContext.lsn;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.ReplayStatus;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.hba.User;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// How far replay is, and what is to become of it. A node that replays nothing knows no positions,
/// and has nothing to pause.
///
/// Counterpart of the recovery control functions, src/backend/access/transam/xlogfuncs.c.
public final class RecoveryFunctions {

  private static final int WAIT_SECONDS = 60;
  private static final double LOOK_SECONDS = 0.02;

  private RecoveryFunctions() {}

  private static Optional<ReplayStatus> replay() {
    return QueryContext.current().status().replay();
  }

  /// What is received is told once it is flushed.
  public static @Nullable BigDecimal receivedLsn() {
    Optional<ReplayStatus> replay = replay();
    return replay.isPresent() ? lsn(replay.get().receivedLsn()) : WalFunctions.flushedLsn();
  }

  public static @Nullable BigDecimal replayedLsn() {
    return replay().map(replay -> lsn(replay.replayedLsn())).orElse(null);
  }

  public static @Nullable OffsetDateTime lastTransaction() {
    return replay()
        .flatMap(ReplayStatus::lastTransaction)
        .map(time -> time.atOffset(ZoneOffset.UTC))
        .orElse(null);
  }

  public static boolean isPaused() {
    return replay().map(ReplayStatus::isPauseWanted).orElse(false);
  }

  public static String pauseState() {
    return replay().map(ReplayStatus::pauseState).orElse("not paused");
  }

  public static String pause() throws SQLException {
    changeable("pg_wal_replay_pause").pause();
    return "";
  }

  public static String resume() throws SQLException {
    changeable("pg_wal_replay_resume").resume();
    return "";
  }

  private static ReplayStatus changeable(String function) throws SQLException {
    requireSuperuser(function);
    ReplayStatus replay = requireReplay();
    if (replay.isPromoting()) {
      throw notNow(
          "standby promotion is ongoing",
          "%s() cannot be executed after promotion is triggered.".formatted(function));
    }
    return replay;
  }

  public static boolean promote() throws SQLException {
    return promote(true, WAIT_SECONDS);
  }

  public static boolean promote(boolean wait) throws SQLException {
    return promote(wait, WAIT_SECONDS);
  }

  /// @param wait whether to wait until the directory is a primary's
  public static boolean promote(boolean wait, int waitSeconds) throws SQLException {
    requireSuperuser("pg_promote");
    ReplayStatus replay = requireReplay();
    if (waitSeconds <= 0) {
      throw new RefusedException(
          ServerError.error(
              SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
              "\"wait_seconds\" must not be negative or zero"));
    }
    replay.promote(QueryContext.current().session().client().pid());
    if (!wait) {
      return true;
    }
    long begun = System.nanoTime();
    while (!replay.isPromoted()) {
      if (System.nanoTime() - begun >= Duration.ofSeconds(waitSeconds).toNanos()) {
        QueryContext.current()
            .session()
            .parameters()
            .warn(
                "01000",
                "server did not promote within %d second%s"
                    .formatted(waitSeconds, waitSeconds == 1 ? "" : "s"));
        return false;
      }
      SessionFunctions.sleep(LOOK_SECONDS);
    }
    return true;
  }

  private static ReplayStatus requireReplay() throws SQLException {
    Optional<ReplayStatus> replay = replay();
    if (replay.isEmpty()) {
      throw notNow("this node replays no WAL", "Recovery control functions are for standbys.");
    }
    return replay.get();
  }

  private static void requireSuperuser(String function) throws SQLException {
    if (!QueryContext.current().user().map(User::superuser).orElse(false)) {
      throw new RefusedException(
          ServerError.error(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function " + function));
    }
  }

  private static RefusedException notNow(String message, String hint) {
    return new RefusedException(
        ServerError.error(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, message).withHint(hint));
  }
}
