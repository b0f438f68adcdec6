package org.walstream.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;

/// Commits at the primary, and a receiver elsewhere that notes when the WAL of each commit arrives.
///
/// One commit at a time: the next begins only after the last has arrived, so the newest arrival
/// belongs to the newest commit. A commit has arrived when there is something beyond what its
/// transaction had written before: its record comes whole. (Where the primary's WAL is flushed,
/// asked after the commit, may be in the midst of somebody else's record, of which the rest is
/// flushed up to 200 ms later; a relay sends whole records.)
final class HopProbe implements AutoCloseable {

  private static final long LOST_NANOS = 10_000_000_000L;

  private final Connection sql;
  private final PreparedStatement insert;
  private final SinkConnection sink;
  private final long startLsn;
  private final Thread receiver;

  /// Where the WAL that has arrived ends, and since when; the time is written first.
  private volatile long arrivedNanos;

  private volatile long arrivedLsn;
  private volatile boolean closing;

  private HopProbe(Connection sql, SinkConnection sink, long startLsn) throws SQLException {
    this.sql = sql;
    this.insert =
        sql.prepareStatement(
            "INSERT INTO hop VALUES (?, 'one row') RETURNING pg_current_wal_insert_lsn()");
    this.sink = sink;
    this.startLsn = startLsn;
    this.receiver = Thread.ofPlatform().name("sink").unstarted(this::receive);
  }

  /// Streams from the server at `port` whatever comes from now on.
  static HopProbe connect(PostgresServer primary, int port, String user)
      throws IOException, SQLException {
    long start = Lsn.parse(primary.sql("SELECT pg_current_wal_flush_lsn()")).value();
    var sink = SinkConnection.connect(port, user, Long.MAX_VALUE);
    sink.start(start);
    sink.channel().configureBlocking(true);
    var probe = new HopProbe(primary.jdbc(), sink, start);
    probe.receiver.start();
    return probe;
  }

  /// @return nanoseconds from the moment COMMIT returned, one for each commit; negative when the
  ///   WAL was there before
  long[] measure(int commits, long periodNanos) throws SQLException {
    var hops = new long[commits];
    long due = System.nanoTime();
    for (int i = 0; i < commits; i++) {
      while (System.nanoTime() - due < 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      due += periodNanos;
      long beforeCommit = insert(i);
      hops[i] = -System.nanoTime();
      hops[i] += arrivalBeyond(beforeCommit);
    }
    return hops;
  }

  /// @return where the transaction's WAL ended before its commit
  private long insert(int row) throws SQLException {
    insert.setInt(1, row);
    try (ResultSet result = insert.executeQuery()) {
      result.next();
      return Lsn.parse(result.getString(1)).value();
    }
  }

  private long arrivalBeyond(long lsn) {
    long giveUp = System.nanoTime() + LOST_NANOS;
    while (!Lsn.isAfter(arrivedLsn, lsn)) {
      if (System.nanoTime() - giveUp > 0) {
        throw new IllegalStateException("WAL of a commit has not arrived: " + Lsn.format(lsn));
      }
      LockSupport.parkNanos(100_000);
    }
    return arrivedNanos;
  }

  private void receive() {
    var buffer = ByteBuffer.allocateDirect(1 << 17);
    try {
      while (true) {
        long before = sink.received();
        sink.read(buffer);
        if (sink.received() > before) {
          arrivedNanos = System.nanoTime();
          arrivedLsn = startLsn + sink.received();
        }
      }
    } catch (IOException e) {
      if (!closing) {
        throw new IllegalStateException("the receiver has lost its connection", e);
      }
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    closing = true;
    sink.close();
    sql.close();
  }
}
