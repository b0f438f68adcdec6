package org.walstream.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.walstream.receive.ReceiveEvent;
import org.walstream.receive.ReceiveJob;
import org.walstream.receive.ReceiveOptions;
import org.walstream.store.Compression;
import org.walstream.store.StoreOptions;
import org.walstream.wal.Lsn;
import org.walstream.wire.auth.AuthenticationException;
import org.walstream.wire.client.ConnectionException;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.LibpqEnvironment;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `walstream receive`: streams WAL into a directory. A drop-in for pg_receivewal: its flags, its
/// files, its exit codes, its signals.
final class ReceiveCommand implements Subcommand {

  /// What `synchronous_standby_names` knows pg_receivewal by: who replaces it must answer to its
  /// name, or COMMITs would wait for nobody.
  private static final String APPLICATION_NAME = "pg_receivewal";

  private static final int STATUS_INTERVAL_MAX = Integer.MAX_VALUE / 1000;

  @Override
  public String name() {
    return "receive";
  }

  @Override
  public String summary() {
    return "stream WAL into a directory (pg_receivewal)";
  }

  @Override
  public int run(List<String> arguments) {
    return OptionParser.run(name(), new Options(), arguments);
  }

  @Command(
      name = "walstream receive",
      version = Version.TEXT,
      sortOptions = false,
      header = {
        "Receives PostgreSQL streaming write-ahead logs, as pg_receivewal does.",
        "",
        "Example:",
        "  walstream receive -D wal -h primary -U repl --slot=archive --synchronous",
        ""
      })
  static final class Options implements Callable<Integer> {

    @Option(
        names = {"-D", "--directory"},
        paramLabel = "DIR",
        description = "receive write-ahead log files into this directory")
    @Nullable Path directory;

    @Option(
        names = {"-E", "--endpos"},
        paramLabel = "LSN",
        description = "exit after receiving the specified LSN")
    @Nullable String endpos;

    @Option(
        names = "--if-not-exists",
        description = "do not error if slot already exists when creating a slot")
    boolean ifNotExists;

    @Option(
        names = {"-n", "--no-loop"},
        description = "do not loop on connection lost")
    boolean noLoop;

    @Option(
        names = "--no-sync",
        description = "do not wait for changes to be written safely to disk")
    boolean noSync;

    @Option(
        names = "--no-verify",
        description = "do not check the records' checksums as they arrive")
    boolean noVerify;

    @Option(
        names = {"-s", "--status-interval"},
        paramLabel = "SECS",
        description = "time between status packets sent to server (default: 10)")
    String statusInterval = "10";

    @Option(
        names = {"-S", "--slot"},
        paramLabel = "SLOTNAME",
        description = "replication slot to use")
    @Nullable String slot;

    @Option(
        names = "--synchronous",
        description = "flush write-ahead log immediately after writing")
    boolean synchronous;

    @Option(
        names = {"-v", "--verbose"},
        description = "output verbose messages")
    boolean verbose;

    @Option(
        names = {"-Z", "--compress"},
        paramLabel = "METHOD[:DETAIL]",
        description = "compress as specified: gzip, lz4, zstd")
    String compress = "none";

    @Option(
        names = {"-V", "--version"},
        versionHelp = true,
        description = "output version information, then exit")
    boolean version;

    @ArgGroup(validate = false, heading = "%nConnection options:%n")
    ConnectionOptions connection = new ConnectionOptions();

    @ArgGroup(validate = false, heading = "%nOptional actions:%n")
    Actions actions = new Actions();

    @Parameters(hidden = true, arity = "0..*")
    List<String> superfluous = List.of();

    static final class Actions {

      @Option(names = "--create-slot", description = "create a new replication slot")
      boolean createSlot;

      @Option(names = "--drop-slot", description = "drop the replication slot")
      boolean dropSlot;
    }

    @Override
    public Integer call() throws Exception {
      checkTogether();
      var diagnostics = Diagnostics.of("receive");
      ConnInfo conninfo = connection.conninfo(APPLICATION_NAME);
      if (connection.forcePassword) {
        conninfo = connection.withPromptedPassword(conninfo);
      }
      var environment = LibpqEnvironment.ofProcess(diagnostics::warning);
      try {
        act(conninfo, environment, diagnostics);
      } catch (ConnectionException e) {
        if (!needsPassword(e) || !connection.mayPrompt()) {
          throw e;
        }
        act(connection.withPromptedPassword(conninfo), environment, diagnostics);
      }
      return 0;
    }

    /// pg_receivewal's checks, in its order and its words.
    private void checkTogether() {
      if (!superfluous.isEmpty()) {
        throw new UsageException(
            "too many command-line arguments (first is \"%s\")".formatted(superfluous.getFirst()));
      }
      boolean slotAction = actions.createSlot || actions.dropSlot;
      if (actions.createSlot && actions.dropSlot) {
        throw new UsageException("cannot use --create-slot together with --drop-slot");
      }
      if (slotAction && slot == null) {
        throw new UsageException(
            "%s needs a slot to be specified using --slot"
                .formatted(actions.dropSlot ? "--drop-slot" : "--create-slot"));
      }
      if (synchronous && noSync) {
        throw new UsageException("cannot use --synchronous together with --no-sync");
      }
      if (directory == null && !slotAction) {
        throw new UsageException("no target directory specified");
      }
    }

    private void act(ConnInfo conninfo, LibpqEnvironment environment, Diagnostics diagnostics)
        throws IOException {
      if (actions.createSlot && slot != null) {
        tell(diagnostics, "creating replication slot \"%s\"".formatted(slot));
        ReceiveJob.createSlot(conninfo, environment, slot, ifNotExists);
      } else if (actions.dropSlot && slot != null) {
        tell(diagnostics, "dropping replication slot \"%s\"".formatted(slot));
        ReceiveJob.dropSlot(conninfo, environment, slot);
      } else if (directory != null) {
        receive(directory, conninfo, environment, diagnostics);
      }
    }

    private void receive(
        Path into, ConnInfo conninfo, LibpqEnvironment environment, Diagnostics diagnostics)
        throws IOException {
      var job =
          new ReceiveJob(
              into,
              receiveOptions(conninfo, environment),
              storeOptions(),
              event -> heard(event, diagnostics));
      Signals.on("INT", job::stop);
      Signals.on("TERM", job::stop);
      job.run();
    }

    private ReceiveOptions receiveOptions(ConnInfo conninfo, LibpqEnvironment environment) {
      var options =
          ReceiveOptions.from(conninfo, environment)
              .synchronous(synchronous)
              .statusInterval(interval())
              .retry(!noLoop)
              .verifyWal(!noVerify);
      Optional.ofNullable(slot).ifPresent(options::slot);
      Optional.ofNullable(endpos).map(Options::position).ifPresent(options::endLsn);
      return options.build();
    }

    private StoreOptions storeOptions() {
      Compression compression = CompressOption.parse(compress);
      return StoreOptions.DEFAULT
          .withSync(!noSync)
          .withSynchronous(synchronous)
          .withCompression(compression);
    }

    private Duration interval() {
      int seconds;
      try {
        seconds = Integer.parseInt(statusInterval.strip());
      } catch (NumberFormatException e) {
        throw new UsageException(
            "invalid value \"%s\" for option -s/--status-interval".formatted(statusInterval));
      }
      if (seconds < 0 || seconds > STATUS_INTERVAL_MAX) {
        throw new UsageException(
            "-s/--status-interval must be in range 0..%d".formatted(STATUS_INTERVAL_MAX));
      }
      return Duration.ofSeconds(seconds);
    }

    private static long position(String text) {
      try {
        return Lsn.parse(text).value();
      } catch (IllegalArgumentException e) {
        throw new UsageException("could not parse end position \"%s\"".formatted(text));
      }
    }

    private void heard(ReceiveEvent event, Diagnostics diagnostics) {
      switch (event) {
        case ReceiveEvent.Disconnected(var reason, var retryIn) -> {
          diagnostics.error(Failures.describe(reason));
          diagnostics.info(event.toString());
        }
        case ReceiveEvent.Notice notice -> diagnostics.info(notice.toString());
        default -> tell(diagnostics, event.toString());
      }
    }

    private void tell(Diagnostics diagnostics, String message) {
      if (verbose) {
        diagnostics.info(message);
      }
    }

    private static boolean needsPassword(ConnectionException e) {
      return e.getCause() instanceof AuthenticationException authentication
          && authentication.needsPassword();
    }
  }
}
