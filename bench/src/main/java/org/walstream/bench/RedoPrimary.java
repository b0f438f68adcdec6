package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.BackupLabel;
import org.walstream.wal.control.ControlFile;

/// The server that makes what is replayed: a base backup, then WAL, ended by a checkpoint. It makes
/// none in between, so that page images are few and recovery has one restart point to make, the
/// last.
final class RedoPrimary implements AutoCloseable {

  private final PostgresTools tools;
  private final boolean quick;
  private final PostgresServer server;

  private RedoPrimary(PostgresTools tools, boolean quick, PostgresServer server) {
    this.tools = tools;
    this.quick = quick;
    this.server = server;
  }

  /// Makes `base` and `wal` in `directory`, which exists.
  static void make(RedoWorkload workload, boolean quick, PostgresTools tools, Path directory)
      throws IOException, InterruptedException {
    try (var primary = new RedoPrimary(tools, quick, start())) {
      workload.prepare(primary);
      Path base = directory.resolve("base");
      primary.backUp(base);
      workload.write(primary);
      primary.server.sql("CHECKPOINT");
      primary.server.stopFast();
      primary.moveWal(base, Files.createDirectory(directory.resolve("wal")));
    }
  }

  private static PostgresServer start() {
    return PostgresServer.builder(18)
        .setting("autovacuum", "off")
        .setting("max_wal_size", "100GB")
        .setting("wal_keep_size", "100GB")
        .setting("checkpoint_timeout", "1d")
        .setting("shared_buffers", "1GB")
        .setting("synchronous_commit", "off")
        .start();
  }

  boolean quick() {
    return quick;
  }

  /// One that it may write to.
  Path directory() {
    return server.socketDirectory();
  }

  void sql(String statements) {
    server.sql(statements);
  }

  void pgbench(String... arguments) throws InterruptedException {
    run("pgbench", List.of(arguments), List.of("postgres"));
  }

  private void backUp(Path base) throws InterruptedException {
    run(
        "pg_basebackup",
        List.of("-D", base.toString(), "-X", "none", "-c", "fast", "--no-sync", "--no-manifest"),
        List.of());
  }

  private void run(String tool, List<String> options, List<String> operands)
      throws InterruptedException {
    var words = tools.command(tool, options.toArray(String[]::new));
    words.addAll(List.of("-h", "127.0.0.1", "-p", String.valueOf(server.port()), "-U", "postgres"));
    words.addAll(operands);
    var run = CrashProcess.start(words);
    while (!run.waitFor(1, TimeUnit.MINUTES)) {
      // a load may take some
    }
    if (run.awaitExit() != 0) {
      throw new IllegalStateException(tool + " failed: " + run);
    }
  }

  /// The segments that recovery of the backup needs, with their owner: a server's user reads them.
  private void moveWal(Path base, Path to) throws IOException, InterruptedException {
    ControlFile control =
        ControlFile.parse(
            Files.readAllBytes(server.dataDirectory().resolve(RedoInput.CONTROL_FILE)));
    var label = BackupLabel.parse(Files.readAllBytes(base.resolve(BackupLabel.FILE_NAME)));
    WalSegmentSize size = control.layout().walSegmentSize();
    var words = new ArrayList<>(List.of("mv", "-t", to.toString()));
    var segment = WalSegmentName.containing(label.timeline(), label.startLsn(), size);
    while (!Lsn.isAfter(segment.startLsn(), control.checkPointLsn())) {
      words.add(server.walDirectory().resolve(segment.fileName()).toString());
      segment = segment.next();
    }
    Shell.run(words.toArray(String[]::new));
  }

  @Override
  public void close() {
    server.close();
  }
}
