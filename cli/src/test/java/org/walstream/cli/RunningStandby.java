package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;

/// `walstream standby` in a process of its own, on the directory of a standby that does not run.
final class RunningStandby implements AutoCloseable {

  private final PostgresServer home;
  private final CrashProcess process;

  private RunningStandby(PostgresServer home, CrashProcess process) {
    this.home = home;
    this.process = process;
  }

  static RunningStandby start(PostgresServer home, String... options) {
    var words =
        new ArrayList<>(List.of("standby", "-D", home.dataDirectory().toString(), "--workers=2"));
    words.addAll(List.of(options));
    return new RunningStandby(
        home, CrashProcess.java(Main.class.getName(), words.toArray(String[]::new)));
  }

  void awaitSaid(String text) {
    process.awaitPrinted(text);
  }

  String said() {
    return process.errors();
  }

  /// As `pg_ctl promote` does it: a file, whose meaning a signal brings.
  void ask(String request) throws IOException {
    Files.createFile(home.dataDirectory().resolve(request));
    process.signal("USR1");
  }

  /// As `pg_ctl reload` does it.
  void reload() {
    process.signal("HUP");
  }

  void kill9() {
    process.kill9();
  }

  void requireAlive() {
    assertThat(process.isAlive()).as("it has ended; it has said:%n%s", said()).isTrue();
  }

  /// As `pg_ctl stop --no-wait` does it.
  void askToStop() {
    process.signal("INT");
  }

  /// As `pg_ctl stop` does it.
  void stop() throws IOException {
    askToStop();
    assertThat(process.awaitExit()).as(said()).isZero();
    assertThat(home.dataDirectory().resolve("postmaster.pid")).doesNotExist();
  }

  /// As `pg_ctl stop -m immediate` does it.
  void quit() {
    process.signal("QUIT");
    assertThat(process.awaitExit()).as(said()).isEqualTo(3);
  }

  /// Ends the primary, then this and a real standby, once both have all and have looked for more in
  /// vain. The primary goes first: whoever asks it something may have it write WAL.
  ///
  /// @param theirName the real standby's, as the primary knows it
  void endWith(PostgresServer primary, PostgresServer theirs, String theirName) throws IOException {
    awaitReplayed(primary, theirName);
    int logged = theirs.log().length();
    primary.stopFast();
    awaitSaid("could not stream WAL from primary");
    Eventually.holds(
        theirName + " has replayed all there is",
        () -> theirs.log().substring(logged).contains("could not connect to the primary"));
    stop();
    theirs.stopFast();
    assertThat(said()).doesNotContain("Exception");
  }

  int awaitExit() {
    return process.awaitExit();
  }

  /// Waits until the primary has been told that all it has written is replayed.
  static void awaitReplayed(PostgresServer primary, String application) {
    String end = primary.sql("SELECT pg_current_wal_lsn()");
    Eventually.holds(
        application + " has replayed up to " + end,
        () ->
            primary
                .sql(
                    "SELECT coalesce(bool_or(replay_lsn >= '%s'), false) FROM pg_stat_replication WHERE application_name = '%s'"
                        .formatted(end, application))
                .equals("t"));
  }

  /// Waits until commits wait for a standby: a server that is told to read its configuration does
  /// so when it comes to it.
  static void awaitSynchronous(PostgresServer primary) {
    Eventually.holds(
        "a standby is synchronous",
        () ->
            primary
                .sql("SELECT count(*) > 0 FROM pg_stat_replication WHERE sync_state = 'sync'")
                .equals("t"));
  }

  /// Files that we have made become the server's, so that it can go on with them.
  static void giveToTheServer(PostgresServer home) throws IOException, InterruptedException {
    home.ownFiles();
    Files.deleteIfExists(home.dataDirectory().resolve("postmaster.pid"));
  }

  @Override
  public void close() {
    process.close();
  }
}
