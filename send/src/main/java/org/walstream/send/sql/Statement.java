package org.walstream.send.sql;

import java.util.List;
import java.util.Optional;

/// One statement of a query string: a query, or something that concerns the session only.
sealed interface Statement {

  /// For the engine to read.
  ///
  /// @param start where it begins in the query string
  record Query(String text, int start) implements Statement {}

  record Checkpoint() implements Statement {}

  record Show(String parameter) implements Statement {}

  /// @param values empty for DEFAULT
  /// @param local until the end of the transaction
  record Set(String parameter, List<String> values, boolean local) implements Statement {}

  /// `RESET name`, `RESET ALL`.
  ///
  /// @param parameter empty for all
  record Reset(Optional<String> parameter) implements Statement {}

  /// `DISCARD what`
  record Discard(String what) implements Statement {}

  /// @param tag `BEGIN` or `START TRANSACTION`
  record Begin(String tag, TransactionModes modes) implements Statement {}

  /// `COMMIT` or `ROLLBACK`, or whatever else means one of them.
  ///
  /// @param chain whether the next transaction begins at once
  record EndTransaction(boolean commit, boolean chain) implements Statement {}

  record Savepoint(String name) implements Statement {}

  record Release(String name) implements Statement {}

  record RollbackTo(String name) implements Statement {}

  /// `SET TRANSACTION`
  record SetTransaction(TransactionModes modes) implements Statement {}

  /// `DEALLOCATE`: empty for all.
  record Deallocate(Optional<String> name) implements Statement {}

  record Declare(String cursor, boolean hold, Query query) implements Statement {}

  /// `FETCH` or `MOVE`.
  ///
  /// @param rows how many forward
  record Fetch(String cursor, long rows, boolean move) implements Statement {}

  /// `CLOSE`: empty for all.
  record CloseCursor(Optional<String> cursor) implements Statement {}

  record Listen(String channel) implements Statement {}

  /// Empty for all.
  record Unlisten(Optional<String> channel) implements Statement {}

  /// With or without a payload.
  record Notify(String channel) implements Statement {}

  /// `COPY … TO STDOUT`
  ///
  /// @param relation what is copied as a whole; empty for a query
  record CopyOut(Query query, Optional<String> relation, CopyOptions options)
      implements Statement {}

  /// What a transaction is to be like.
  ///
  /// @param isolation as `transaction_isolation` shows it
  record TransactionModes(Optional<String> isolation, boolean readWrite) {}
}
