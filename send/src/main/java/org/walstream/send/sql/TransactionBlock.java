package org.walstream.send.sql;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.send.guc.SessionParameters;
import org.walstream.send.sql.Statement.TransactionModes;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Where a session is between BEGIN and COMMIT. Nothing here changes data, so all that a
/// transaction holds together is settings, LISTEN, the time that `now()` tells, and the rule that
/// after an error nothing is answered until it ends.
///
/// ```
///          BEGIN                  error
///   idle ────────▶ in a block ────────────▶ failed
///     ▲    COMMIT,     │ ▲   ROLLBACK TO      │
///     └─── ROLLBACK ◀──┘ └────────────────────┤
///     └──────────── COMMIT, ROLLBACK ◀────────┘
/// ```
///
/// Counterpart of TransactionBlockStatusCode(), src/backend/access/transam/xact.c. One thread.
final class TransactionBlock {

  private record Savepoint(String name, SessionParameters.Snapshot settings, boolean listening) {}

  private final SessionParameters parameters;
  private final Listening listening;
  private final Deque<Savepoint> savepoints = new ArrayDeque<>();
  private SessionParameters.@Nullable Snapshot before;
  private volatile @Nullable Instant begun;
  private boolean failed;

  TransactionBlock(SessionParameters parameters, Listening listening) {
    this.parameters = parameters;
    this.listening = listening;
  }

  /// What ReadyForQuery says of it.
  byte status() {
    return (byte) (before == null ? 'I' : failed ? 'E' : 'T');
  }

  /// When the transaction has begun; empty outside of one.
  Optional<Instant> begun() {
    return Optional.ofNullable(begun);
  }

  boolean isOpen() {
    return before != null;
  }

  /// @throws ServerError if the transaction has failed and the statement would not end it
  void checkMayRun(Statement statement) throws ServerError {
    boolean ends =
        statement instanceof Statement.EndTransaction || statement instanceof Statement.RollbackTo;
    if (failed && !ends) {
      throw ServerError.error(
          SqlState.IN_FAILED_SQL_TRANSACTION,
          "current transaction is aborted, commands ignored until end of transaction block");
    }
  }

  void begin(TransactionModes modes) throws ServerError {
    if (before != null) {
      parameters.warn(
          SqlState.ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress");
    } else {
      before = parameters.snapshot();
      begun = Instant.now();
    }
    apply(modes);
  }

  /// Nodes are in recovery: nothing is ever written.
  void apply(TransactionModes modes) throws ServerError {
    if (modes.readWrite()) {
      throw ServerError.error(
          SqlState.FEATURE_NOT_SUPPORTED, "cannot set transaction read-write mode during recovery");
    } else if (before == null) {
      parameters.warn(
          SqlState.NO_ACTIVE_SQL_TRANSACTION,
          "SET TRANSACTION can only be used in transaction blocks");
    } else if (modes.isolation().isPresent()) {
      SessionStatements.set(
          new Statement.Set(
              "transaction_isolation", java.util.List.of(modes.isolation().get()), true),
          parameters);
    }
  }

  /// @return the command tag
  String end(Statement.EndTransaction how) throws ServerError {
    var settings = before;
    if (settings == null) {
      if (how.chain()) {
        throw ServerError.error(
            SqlState.NO_ACTIVE_SQL_TRANSACTION,
            "%s AND CHAIN can only be used in transaction blocks"
                .formatted(how.commit() ? "COMMIT" : "ROLLBACK"));
      }
      parameters.warn(SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
      return how.commit() ? "COMMIT" : "ROLLBACK";
    }
    boolean committed = how.commit() && !failed;
    if (committed) {
      parameters.endLocals();
    } else {
      parameters.restore(settings);
      listening.rollback();
    }
    failed = false;
    savepoints.clear();
    before = how.chain() ? parameters.snapshot() : null;
    begun = how.chain() ? Instant.now() : null;
    return committed ? "COMMIT" : "ROLLBACK";
  }

  void savepoint(String name) throws ServerError {
    requireBlock("SAVEPOINT");
    savepoints.push(new Savepoint(name, parameters.snapshot(), listening.wanted()));
  }

  void release(String name) throws ServerError {
    requireBlock("RELEASE SAVEPOINT");
    discardAfter(name);
    savepoints.pop();
  }

  void rollbackTo(String name) throws ServerError {
    requireBlock("ROLLBACK TO SAVEPOINT");
    discardAfter(name);
    parameters.restore(savepoints.getFirst().settings());
    listening.restore(savepoints.getFirst().listening());
    failed = false;
  }

  private void requireBlock(String command) throws ServerError {
    if (before == null) {
      throw ServerError.error(
          SqlState.NO_ACTIVE_SQL_TRANSACTION, command + " can only be used in transaction blocks");
    }
  }

  private void discardAfter(String name) throws ServerError {
    if (savepoints.stream().noneMatch(s -> s.name().equals(name))) {
      throw ServerError.error(
          SqlState.SAVEPOINT_EXCEPTION, "savepoint \"%s\" does not exist".formatted(name));
    }
    while (!savepoints.getFirst().name().equals(name)) {
      savepoints.pop();
    }
  }

  /// An error was reported.
  void fail() {
    failed = before != null;
    if (!failed) {
      listening.rollback(); // a query string is a transaction where there is no other
    }
  }
}
