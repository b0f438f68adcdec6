package org.walstream.demo;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.walstream.bench.WalstreamProgram;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PrivateFile;

/// `walstream standby` on the directory of a PostgreSQL standby that does not run: at the same
/// address, with the same configuration. Once promoted, PostgreSQL is started on it.
final class JavaStandby implements AutoCloseable {

  private final PostgresServer home;
  private @Nullable CrashProcess process;

  JavaStandby(PostgresServer home) {
    this.home = home;
  }

  /// Starts it, and returns once it follows.
  JavaStandby start() throws IOException {
    PrivateFile.write(
        home.dataDirectory().resolve("walstream.users"), "\"postgres\" \"\" superuser\n");
    process =
        CrashProcess.start(
            WalstreamProgram.command("standby", "-D", home.dataDirectory().toString()));
    process.awaitPrinted("started streaming WAL");
    return this;
  }

  /// Makes a primary of the directory, and starts PostgreSQL there.
  PostgresServer promote() throws IOException {
    run("promote", "-D", home.dataDirectory().toString());
    if (requireNonNull(process).awaitExit() != 0) {
      throw new IOException("it has failed: " + process);
    }
    home.ownFiles();
    home.start();
    return home;
  }

  private static void run(String... arguments) throws IOException {
    var command = CrashProcess.start(WalstreamProgram.command(arguments));
    if (command.awaitExit() != 0) {
      throw new IOException(command.errors().strip());
    }
  }

  /// Where it answers, whichever program runs there.
  PostgresServer home() {
    return home;
  }

  @Override
  public void close() {
    try (home) {
      if (process != null) {
        process.close();
      }
    }
  }
}
