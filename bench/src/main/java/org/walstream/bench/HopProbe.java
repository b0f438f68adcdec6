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
/// belongs to the newest commit.
final class HopProbe implements AutoCloseable {

  private static final long LOST_NANOS = 10_000_000_000L;

  private final Connection sql;
  private final PreparedStatement insert;
  private final PreparedStatement position;
  private final SinkConnection sink;
  private final long startLsn;
  private final Thread receiver;

  /// Where the WAL that has arrived ends, and since when; the time is written first.
  private volatile long arrivedNanos;

  private volatile long arrivedLsn;
  private volatile boolean closing;

  private HopProbe(Connection sql, SinkConnection sink, long startLsn) throws SQLException {
    this.sql = sql;
    this.insert = sql.prepareStatement("INSERT INTO hop VALUES (?, 'one row')");
    this.position = sql.prepareStatement("SELECT pg_current_wal_flush_lsn()");
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
      insert.setInt(1, i);
      insert.executeUpdate();
      hops[i] = -System.nanoTime();
      hops[i] += arrival(flushedLsn());
    }
    return hops;
  }

  private long flushedLsn() throws SQLException {
    try (ResultSet result = position.executeQuery()) {
      result.next();
      return Lsn.parse(result.getString(1)).value();
    }
  }

  private long arrival(long lsn) {
    long giveUp = System.nanoTime() + LOST_NANOS;
    while (Lsn.isBefore(arrivedLsn, lsn)) {
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
