package org.walstream.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;

/// Standbys that all stream from one server: they catch up, then follow a primary that writes in
/// commits of 16 kB. Meanwhile somebody looks at the server's memory.
///
/// @param primary who writes
/// @param port where the standbys connect
/// @param user who may
/// @param count how many
record StreamingStandbys(PostgresServer primary, int port, String user, int count) {

  private static final int COMMIT_INTERVAL_MS = 16; // 1 MB a second
  private static final String COMMIT =
      "SELECT pg_logical_emit_message(true, 'bench', repeat('x', 16000))";
  private static final int COMMITS_A_LOOK = 6; // ten looks a second

  /// Streams `behind` bytes that are there already, and as many as `more` as they are written.
  ///
  /// @param memory looks how many bytes the server has
  /// @return the most it has had
  long mostMemory(long behind, long more, LongSupplier memory) throws Exception {
    try (var sinks = Sinks.connect(port, user, count, behind + more)) {
      long start = flushed();
      write(start + behind, 0, memory);
      var most = new CompletableFuture<Long>();
      Thread.ofPlatform().daemon().start(() -> writeAndLook(start + behind + more, memory, most));
      sinks.drain(start);
      return most.get();
    } catch (ExecutionException e) {
      throw new IOException("could not write WAL", e.getCause());
    }
  }

  private void writeAndLook(long end, LongSupplier memory, CompletableFuture<Long> most) {
    try {
      most.complete(write(end, COMMIT_INTERVAL_MS, memory));
    } catch (SQLException | InterruptedException e) {
      most.completeExceptionally(e);
    }
  }

  private long write(long end, long intervalMs, LongSupplier memory)
      throws SQLException, InterruptedException {
    long most = 0;
    try (var connection = primary.jdbc();
        var statement = connection.createStatement()) {
      while (Lsn.isBefore(flushed(), end)) {
        for (int i = 0; i < COMMITS_A_LOOK; i++) {
          statement.execute(COMMIT);
          Thread.sleep(intervalMs);
        }
        most = Math.max(most, memory.getAsLong());
      }
    }
    return most;
  }

  private long flushed() {
    return Lsn.parse(primary.sql("SELECT pg_current_wal_flush_lsn()")).value();
  }
}
