package org.walstream.observe.sql.function;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.hba.User;
import org.walstream.send.server.SessionActivity;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// `pg_reload_conf()`, `pg_cancel_backend()`, `pg_terminate_backend()`.
///
/// Counterpart of src/backend/storage/ipc/signalfuncs.c.
public final class SignalFunctions {

  private SignalFunctions() {}

  /// What a session may be sent, and the words to refuse it with.
  private enum Signal {
    CANCEL(
        "permission denied to cancel query",
        "Only roles with the SUPERUSER attribute may cancel queries of roles with the SUPERUSER"
            + " attribute.",
        "Only roles with privileges of the role whose query is being canceled or with privileges"
            + " of the \"pg_signal_backend\" role may cancel this query."),
    TERMINATE(
        "permission denied to terminate process",
        "Only roles with the SUPERUSER attribute may terminate processes of roles with the"
            + " SUPERUSER attribute.",
        "Only roles with privileges of the role whose process is being terminated or with"
            + " privileges of the \"pg_signal_backend\" role may terminate this process.");

    private final String denied;
    private final String ofSuperuser;
    private final String ofOther;

    Signal(String denied, String ofSuperuser, String ofOther) {
      this.denied = denied;
      this.ofSuperuser = ofSuperuser;
      this.ofOther = ofOther;
    }

    RefusedException refused(boolean superuser) {
      return new RefusedException(
          ServerError.error(SqlState.INSUFFICIENT_PRIVILEGE, denied)
              .withDetail(superuser ? ofSuperuser : ofOther));
    }
  }

  public static boolean reload() throws SQLException {
    if (!QueryContext.current().user().map(User::superuser).orElse(false)) {
      throw new RefusedException(
          ServerError.error(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function pg_reload_conf"));
    }
    return QueryContext.current().status().reload();
  }

  public static boolean cancel(int pid) throws SQLException {
    return signal(pid, Signal.CANCEL);
  }

  public static boolean terminate(int pid) throws SQLException {
    return signal(pid, Signal.TERMINATE);
  }

  /// @param timeoutMs how long to wait until the session has ended; 0: not at all
  public static boolean terminate(int pid, long timeoutMs) throws SQLException {
    if (timeoutMs < 0) {
      throw new RefusedException(
          ServerError.error(
              SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "\"timeout\" must not be negative"));
    }
    if (!terminate(pid)) {
      return false;
    }
    long begun = System.nanoTime();
    while (timeoutMs > 0 && session(pid).isPresent()) {
      if (System.nanoTime() - begun >= Duration.ofMillis(timeoutMs).toNanos()) {
        warn("backend with PID %d did not terminate within %d milliseconds", pid, timeoutMs);
        return false;
      }
      SessionFunctions.sleep(0.01);
    }
    return true;
  }

  private static boolean signal(int pid, Signal signal) throws SQLException {
    QueryContext context = QueryContext.current();
    Optional<SessionActivity> session = session(pid);
    if (session.isPresent()) {
      requireRights(context, session.get().client().user(), signal);
    }
    boolean found =
        session.isPresent()
            && switch (signal) {
              case CANCEL -> context.status().cancel(pid);
              case TERMINATE -> context.status().terminate(pid);
            };
    if (!found) {
      warn("PID %d is not a PostgreSQL backend process", pid);
    }
    SessionFunctions.goOn(); // it may have been this session
    return found;
  }

  /// Everybody may end what is of their own, who has `signal` what is anybody's but a superuser's.
  private static void requireRights(QueryContext context, String owner, Signal signal)
      throws SQLException {
    Optional<User> user = context.user();
    if (user.map(User::superuser).orElse(false)) {
      return;
    }
    boolean ofSuperuser =
        context.status().users().stream().anyMatch(u -> u.name().equals(owner) && u.superuser());
    boolean own = owner.equals(context.session().client().user());
    if (ofSuperuser || !(own || user.map(User::signal).orElse(false))) {
      throw signal.refused(ofSuperuser);
    }
  }

  private static Optional<SessionActivity> session(int pid) {
    return QueryContext.current().status().sessions().stream()
        .filter(session -> session.client().pid() == pid)
        .findFirst();
  }

  private static void warn(String format, Object... arguments) {
    QueryContext.current().session().parameters().warn("01000", format.formatted(arguments));
  }
}
