package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.wal.Lsn;

/// A primary that has written a given amount of WAL (pgbench's) and now rests: the same bytes for
/// every contestant.
///
/// A slot keeps the WAL from its first segment on; each run gets a copy of that slot, which is how
/// pg_receivewal is made to start in the past.
final class WalSource implements AutoCloseable {

  private static final String ORIGIN = "origin";
  private static final long WAL_PER_SCALE = 13_500_000; // of pgbench -i, about

  private final PostgresServer primary;
  private long startLsn;
  private long endLsn;

  private WalSource(PostgresServer primary) {
    this.primary = primary;
  }

  /// The primary, still without WAL worth the name: whoever shall have it from the start connects
  /// now.
  static WalSource start() {
    var primary =
        PostgresServer.builder(18)
            .setting("autovacuum", "off")
            .setting("max_wal_size", "20GB")
            .setting("checkpoint_timeout", "1d")
            .setting("shared_buffers", "512MB")
            .setting("synchronous_commit", "off")
            .setting("max_wal_senders", "100")
            .setting("max_connections", "150")
            .setting("wal_sender_timeout", "0")
            .start();
    primary.sql("SELECT pg_switch_wal()");
    primary.sql("CHECKPOINT");
    primary.sql("SELECT pg_create_physical_replication_slot('" + ORIGIN + "', true)");
    return new WalSource(primary);
  }

  /// Lets clients have TLS.
  void offerTls(TlsFiles files) throws IOException {
    primary.install("server.crt", Files.readAllBytes(files.certificate()));
    primary.install("server.key", Files.readAllBytes(files.key()));
    primary.set("ssl", "on").reload();
    Eventually.holds("the primary has TLS", () -> primary.sql("SHOW ssl").equals("on"));
  }

  /// Writes at least `bytes` of WAL and ends with a whole segment.
  void write(PostgresTools tools, long bytes) {
    startLsn = lsn("SELECT restart_lsn FROM pg_replication_slots");
    startLsn -= startLsn % segmentBytes();
    var scale = Math.max(1, bytes / WAL_PER_SCALE);
    pgbench(tools, "-i", "-q", "-s", String.valueOf(scale));
    while (lsn("SELECT pg_current_wal_flush_lsn()") - startLsn < bytes) {
      pgbench(tools, "-n", "-c", "4", "-j", "2", "-t", "2000");
    }
    primary.sql("CHECKPOINT");
    endLsn = lsn("SELECT pg_switch_wal()");
  }

  PostgresServer primary() {
    return primary;
  }

  /// The first byte of a segment.
  long startLsn() {
    return startLsn;
  }

  /// The end of the last record.
  long endLsn() {
    return endLsn;
  }

  /// How many bytes lie from the start to the end of the last segment.
  long bytes() {
    return segments() * segmentBytes();
  }

  long segments() {
    return (endLsn - startLsn + segmentBytes() - 1) / segmentBytes();
  }

  /// A slot named `name` that starts at [#startLsn].
  void copySlot(String name) {
    primary.sql("SELECT pg_copy_physical_replication_slot('%s', '%s')".formatted(ORIGIN, name));
  }

  void dropSlot(String name) {
    primary.sql("SELECT pg_drop_replication_slot('" + name + "')");
  }

  @Override
  public void close() {
    primary.close();
  }

  private long lsn(String query) {
    return Lsn.parse(primary.sql(query)).value();
  }

  private static long segmentBytes() {
    return 16 << 20;
  }

  private void pgbench(PostgresTools tools, String... arguments) {
    var words = tools.command("pgbench", arguments);
    words.addAll(
        List.of(
            "-h", "127.0.0.1", "-p", String.valueOf(primary.port()), "-U", "postgres", "postgres"));
    var run = CrashProcess.start(words);
    if (run.awaitExit() != 0) {
      throw new IllegalStateException("could not make WAL: " + run);
    }
  }
}
