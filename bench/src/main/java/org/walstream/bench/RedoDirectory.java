package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.PostgresBinaries;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.DBState;

/// The data directory that every run recovers: a fresh copy of the base each time, at the same
/// place and with the same configuration, which [#server] has too.
///
/// The base's own configuration is left behind: it may ask for what is not here.
final class RedoDirectory implements AutoCloseable {

  private final RedoInput input;
  private final boolean inPlace;
  private final int bufferMegabytes;
  private final PostgresServer server;

  private RedoDirectory(
      RedoInput input, boolean inPlace, int bufferMegabytes, PostgresServer server) {
    this.input = input;
    this.inPlace = inPlace;
    this.bufferMegabytes = bufferMegabytes;
    this.server = server;
  }

  /// @param inPlace whether the WAL is copied as well
  static RedoDirectory create(RedoInput input, boolean inPlace, int bufferMegabytes)
      throws IOException {
    var server =
        PostgresServer.builder(input.major())
            .durable()
            .setting("shared_buffers", bufferMegabytes + "MB")
            .setting("hot_standby", "off")
            // One restart point, the last, for both.
            .setting("max_wal_size", "1TB")
            .setting("checkpoint_timeout", "1d")
            .setting("max_prepared_transactions", "100")
            .setting("allow_in_place_tablespaces", "on")
            .setting("recovery_target_lsn", Lsn.format(input.targetLsn()))
            .setting("recovery_target_timeline", "current")
            .setting("recovery_target_action", "shutdown")
            .setting("restore_command", inPlace ? "" : "cp '%s/%%f' '%%p'".formatted(input.wal()))
            .create();
    return new RedoDirectory(input, inPlace, bufferMegabytes, server);
  }

  PostgresServer server() {
    return server;
  }

  RedoInput input() {
    return input;
  }

  boolean inPlace() {
    return inPlace;
  }

  int bufferMegabytes() {
    return bufferMegabytes;
  }

  Path path() {
    return server.dataDirectory();
  }

  /// `postgres (PostgreSQL) 18.6`
  String version() {
    Path postgres = PostgresBinaries.of(server.major()).resolve("postgres");
    try (var asked = CrashProcess.start(List.of(postgres.toString(), "--version"))) {
      asked.awaitExit();
      return asked.output().strip();
    }
  }

  /// Makes it anew; not yet forced to disk.
  void renew() throws IOException, InterruptedException {
    Path data = path();
    Shell.run("rm", "-rf", data.toString());
    Shell.run("cp", "-a", input.base().toString(), data.toString());
    for (String left : List.of("standby.signal", "postgresql.auto.conf", "postmaster.pid")) {
      Files.deleteIfExists(data.resolve(left));
    }
    if (inPlace) {
      input.copyWal(data.resolve("pg_wal"));
    }
    Files.writeString(data.resolve("postgresql.conf"), "include 'testkit.conf'\n");
    Files.writeString(data.resolve("pg_hba.conf"), "local all all trust\n");
    // In place, PostgreSQL must not insist on a restore_command: as a standby it does not.
    Files.writeString(data.resolve(inPlace ? "standby.signal" : "recovery.signal"), "");
    server.set("shared_buffers", bufferMegabytes + "MB"); // writes testkit.conf, with all the rest
    Shell.run("chown", "-R", "--reference=" + server.socketDirectory(), data.toString());
    Shell.run("chmod", "700", data.toString());
  }

  /// Whoever recovered: every record up to the target is replayed, and on disk.
  ///
  /// @throws IOException with what is there instead
  void requireReplayed(String by) throws IOException {
    ControlFile control =
        ControlFile.parse(Files.readAllBytes(path().resolve(RedoInput.CONTROL_FILE)));
    if (control.state() != DBState.SHUTDOWNED_IN_RECOVERY
        || control.checkPointLsn() != input.targetLsn()
        || control.minRecoveryPoint() != input.endLsn()) {
      throw new IOException(
          "%s left the directory %s, its checkpoint at %s, replayed to %s; not shut down in recovery at %s, replayed to %s"
              .formatted(
                  by,
                  control.state(),
                  Lsn.format(control.checkPointLsn()),
                  Lsn.format(control.minRecoveryPoint()),
                  Lsn.format(input.targetLsn()),
                  Lsn.format(input.endLsn())));
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
