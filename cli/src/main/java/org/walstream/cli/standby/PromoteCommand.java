package org.walstream.cli.standby;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.CommandFailure;
import org.walstream.cli.CommandRunner;
import org.walstream.cli.Diagnostics;
import org.walstream.cli.Signals;
import org.walstream.cli.Subcommand;
import org.walstream.cli.cluster.ClusterDirectory;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.redo.recovery.PostmasterPid;

/// `walstream promote`: has a running standby replay what has come and end, and waits until it has.
/// Counterpart of `pg_ctl promote`: the same file and the same signal, so either tool may be used
/// on either program.
public final class PromoteCommand implements Subcommand {

  private static final Duration POLL = Duration.ofMillis(5);

  private static final CommandTable TABLE =
      CommandTable.of("promote", "[OPTION]...")
          .about(
              """
              Promotes a running standby: nothing more is received, what has come is replayed,
              and the directory is left for a server to be started on as a primary.\
              """)
          .example("walstream promote -D data && pg_ctl start -D data")
          .section(
              "Options",
              Option.value('D', "pgdata", "DIR", "the data directory (default: $PGDATA)"),
              Option.value('t', "timeout", "SECS", "seconds to wait (default: 60)"),
              Option.VERSION,
              Option.HELP)
          .build();

  private @Nullable Path dataDirectory;
  private Duration timeout = Duration.ofSeconds(60);

  public PromoteCommand() {}

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    switch (given.name()) {
      case "pgdata" -> dataDirectory = Path.of(given.value());
      case "timeout" -> timeout = Duration.ofSeconds(given.integer(0, Integer.MAX_VALUE));
      default -> throw new IllegalStateException(given.name());
    }
  }

  @Override
  public void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(0, operands);
    ClusterDirectory.of(dataDirectory);
  }

  @Override
  public int run(Diagnostics diagnostics) throws Exception {
    Path data = ClusterDirectory.of(dataDirectory);
    ClusterDirectory.require(data);
    ProcessHandle standby =
        PostmasterPid.running(data)
            .orElseThrow(() ->
                new CommandFailure("no standby runs in directory \"%s\"".formatted(data), null));
    Path promote = data.resolve(StandbyRequests.PROMOTE);
    Files.write(promote, new byte[0]);
    try {
      Signals.send(standby.pid(), "USR1", "promote");
    } catch (IOException e) {
      Files.deleteIfExists(promote);
      throw e;
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    while (standby.isAlive()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "standby (PID %d) has not ended in time; it goes on promoting"
                .formatted(standby.pid()));
      }
      Thread.sleep(POLL);
    }
    return told(data);
  }

  private static int told(Path data) throws IOException {
    if (Files.exists(data.resolve("standby.signal"))) {
      throw new IOException("the standby has ended without being promoted; see its log");
    }
    System.out.println("standby promoted: start the server");
    return 0;
  }
}
