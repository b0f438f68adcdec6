package org.walstream.observe.sql.function;

import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Keeps queries from filling the heap, which belongs to WAL first. A query that finds too little
/// of it free fails, and what it has gathered is garbage again.
///
/// What is used is known, what of it lives is not, until it is collected: so when the heap seems
/// full, it is collected once, as it would be a moment later anyway. Live bytes are counted,
/// whoever holds them: this query, others, cursors, answers that clients have not read.
public final class Heap {

  /// Of the heap. The quarter that is left is for what happens between two looks, a row each, and
  /// for everybody else.
  private static final int USED_PERCENT_MAX = 75;

  /// Less, or a query that has gathered almost so much would have the heap collected for every row.
  private static final int LIVE_PERCENT_MAX = 60;

  private static final Object COLLECTING = new Object();

  private Heap() {}

  /// @throws ServerError if there is too little memory for a query to go on
  public static void check() throws ServerError {
    if (usedPercent() <= USED_PERCENT_MAX) {
      return;
    }
    synchronized (COLLECTING) { // two that find it full need not both collect
      if (usedPercent() > USED_PERCENT_MAX) {
        System.gc();
        if (usedPercent() > LIVE_PERCENT_MAX) {
          throw outOfMemory();
        }
      }
    }
  }

  /// What a client is told.
  public static ServerError outOfMemory() {
    return ServerError.error(SqlState.OUT_OF_MEMORY, "out of memory")
        .withDetail("The query needs more memory than this node has for queries.");
  }

  private static long usedPercent() {
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) * 100 / runtime.maxMemory();
  }
}
