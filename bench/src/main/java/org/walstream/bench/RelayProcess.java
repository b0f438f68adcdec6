package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;

/// A relay node in a process of its own, between a primary and those who follow it: made with
/// `walstream init`, run with `walstream run`.
public final class RelayProcess implements AutoCloseable {

  static final String NAME = "relay"; // as the primary knows it: its application_name

  private final Path directory;
  private final int port;
  private final CrashProcess process;

  private RelayProcess(Path directory, int port, CrashProcess process) {
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  /// Makes a node in `directory`, which must not exist, and starts it.
  ///
  /// @param settings rows of `walstream.conf`, the values unquoted
  public static RelayProcess start(
      Path directory, PostgresServer primary, int port, Map<String, String> settings)
      throws IOException {
    var upstream = primary.conninfo() + " application_name=" + NAME;
    var init =
        CrashProcess.start(
            WalstreamProgram.command(
                "init",
                "-D",
                directory.toString(),
                "-p",
                String.valueOf(port),
                "--primary-conninfo",
                upstream));
    if (init.awaitExit() != 0) {
      throw new IOException("could not make a relay: " + init);
    }
    allowEverybodyHere(directory);
    configure(directory, settings);
    var run = CrashProcess.start(WalstreamProgram.command("run", "-D", directory.toString()));
    return new RelayProcess(directory, port, run);
  }

  /// Waits until the relay receives WAL from `primary`.
  public void awaitStreaming(PostgresServer primary) {
    Eventually.holds(
        "the relay receives WAL from " + primary,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the relay has ended: " + process);
          }
          return !primary
              .sql(
                  "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'"
                      + " AND application_name = '%s'".formatted(NAME))
              .isEmpty();
        });
  }

  /// Waits until the relay has told `primary` that it has all WAL before `lsn`.
  void awaitFlushed(PostgresServer primary, long lsn) {
    Eventually.holds(
        "the relay has all WAL",
        () ->
            primary
                .sql(
                    """
                    SELECT flush_lsn >= '%s' FROM pg_stat_replication
                    WHERE application_name = '%s'
                    """
                        .formatted(Lsn.format(lsn), NAME))
                .equals("t"));
  }

  /// How standbys reach the relay.
  public String conninfo() {
    return "host=127.0.0.1 port=" + port + " user=standby";
  }

  public String name() {
    return NAME;
  }

  public Path directory() {
    return directory;
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /// Everything it has logged.
  public String log() {
    return process.output() + process.errors();
  }

  @Override
  public void close() {
    process.close();
  }

  private static void allowEverybodyHere(Path directory) throws IOException {
    Files.writeString(
        directory.resolve("pg_hba.conf"),
        """
        host  all          all  127.0.0.1/32  trust
        host  replication  all  127.0.0.1/32  trust
        """);
    Files.writeString(
        directory.resolve("users"), "\"standby\" \"\" replication\n", StandardOpenOption.APPEND);
  }

  private static void configure(Path directory, Map<String, String> settings) throws IOException {
    var rows = new StringBuilder();
    settings.forEach((name, value) -> rows.append("%s = '%s'%n".formatted(name, value)));
    Files.writeString(directory.resolve("walstream.conf"), rows, StandardOpenOption.APPEND);
  }
}
