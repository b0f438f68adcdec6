package org.walstream.cli.standby;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.cli.CommandRunner;
import org.walstream.cli.Diagnostics;
import org.walstream.cli.Signals;
import org.walstream.cli.Subcommand;
import org.walstream.cli.cluster.ClusterDirectory;
import org.walstream.cli.cluster.ClusterSettings;
import org.walstream.cli.line.Assignment;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.service.ProcessName;
import org.walstream.cli.service.ServiceManager;
import org.walstream.file.FileLayer;
import org.walstream.node.StandbyNode;
import org.walstream.node.config.ConfigurationException;
import org.walstream.node.config.Parameters;
import org.walstream.node.log.LogSink;
import org.walstream.node.log.Severity;
import org.walstream.redo.recovery.ParallelReplay;
import org.walstream.redo.recovery.PostmasterPid;
import org.walstream.redo.recovery.Recovery;
import org.walstream.redo.recovery.RecoveryException;
import org.walstream.redo.recovery.RecoveryListener;
import org.walstream.standby.CascadedWal;
import org.walstream.standby.DirectoryFill;
import org.walstream.standby.Standby;
import org.walstream.standby.StandbyService;
import org.walstream.wal.Lsn;
import org.walstream.wal.control.ControlFile;

/// `walstream standby`: replays a standby's data directory continuously, in the foreground.
/// Counterpart of `postgres -D` where `standby.signal` is.
public final class StandbyCommand implements Subcommand {

  private static final Logger logger = LoggerFactory.getLogger(Standby.class);
  private static final int WORKERS_MAX = 1024;
  private static final String PRIMARY_CONNINFO = "primary_conninfo";

  private static final CommandTable TABLE =
      CommandTable.of("standby", "[OPTION]...")
          .about(
              """
              Runs a standby in a data directory that pg_basebackup -R or a stopped standby
              has left, or that is empty: then with --primary it is filled first. WAL comes
              from the archive, from pg_wal and from the primary, as postgresql.conf says, and
              is replayed as it comes. Where postgres would listen it answers queries of its
              status, and sends WAL to standbys of its own.\
              """)
          .example("walstream standby -D data")
          .section(
              "Options",
              Option.value('c', "set", "NAME=VALUE", "set a parameter; wins over postgresql.conf"),
              Option.value('D', "pgdata", "DIR", "the data directory (default: $PGDATA)"),
              Option.value(
                  "primary",
                  "CONNINFO",
                  "primary_conninfo; an empty directory is filled from there"),
              Option.value(
                  'S', "slot", "NAME", "primary_slot_name; with --primary made if it is not there"),
              Option.value(
                  'T',
                  "tablespace-mapping",
                  "OLDDIR=NEWDIR",
                  "where a tablespace of the primary's goes; may be repeated"),
              Option.value("workers", "N", "threads that redo pages (default: one a processor)"),
              Option.VERSION,
              Option.HELP)
          .footer(
              """
              SIGTERM and SIGINT stop it in order, SIGQUIT at once; walstream or pg_ctl
              promote ends it.\
              """)
          .build();

  private final Map<String, String> overrides = new LinkedHashMap<>();
  private final TablespaceMapping tablespaces = new TablespaceMapping();
  private @Nullable Path dataDirectory;
  private int workers = Runtime.getRuntime().availableProcessors();

  public StandbyCommand() {}

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    switch (given.name()) {
      case "pgdata" -> dataDirectory = Path.of(given.value());
      case "workers" -> workers = given.integer(1, WORKERS_MAX);
      case "primary" -> overrides.put(PRIMARY_CONNINFO, given.value());
      case "slot" -> overrides.put("primary_slot_name", given.value());
      case "tablespace-mapping" -> tablespaces.add(given.value());
      case "set" -> Assignment.put(given.value(), overrides);
      default -> throw new IllegalStateException(given.name());
    }
  }

  @Override
  public void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(0, operands);
    ClusterDirectory.of(dataDirectory);
  }

  @Override
  public boolean serves() {
    return true;
  }

  @Override
  public int run(Diagnostics diagnostics) throws Exception {
    ProcessName.set("walstream");
    Path data = ClusterDirectory.of(dataDirectory);
    String primary = overrides.get(PRIMARY_CONNINFO);
    if (primary != null && DirectoryFill.isWanted(data)) {
      fill(data, primary);
    }
    ClusterDirectory.require(data);
    var settings = ClusterSettings.read(data, overrides);
    logTo(settings);
    FileLayer files = ClusterDirectory.layer(data, settings);
    var standby =
        new Standby(
            files,
            StandbyConfiguration.read(data, settings),
            new ParallelReplay(settings.sharedBuffers(), workers, false),
            new Words());
    var node =
        new StandbyNode(
            files,
            data,
            overrides,
            settings.isOn("hot_standby", true),
            standby,
            () -> StandbyConfiguration.read(data, ClusterSettings.read(data, overrides)));
    try {
      boolean promoted = run(standby, node, data);
      String command = settings.text("walstream.promote_command", "");
      return promoted && !command.isEmpty() ? handOver(command, data) : 0;
    } catch (RecoveryException e) {
      diagnostics.error(e.getMessage());
      diagnostics.detail(e.detail());
      diagnostics.hint(e.hint());
      return 1;
    }
  }

  private void fill(Path data, String primary) throws Exception {
    var settings = ClusterSettings.read(data, overrides);
    logTo(settings);
    var progress = new FillProgress(logger, System.err);
    try {
      new DirectoryFill(
              data,
              StandbyConfiguration.upstream(settings).orElseThrow(),
              primary,
              tablespaces,
              progress.around(new Words()),
              progress)
          .run();
    } finally {
      progress.pause();
    }
  }

  /// In a server's order LOG stands above WARNING: the least that is told is a warning.
  private static void logTo(ClusterSettings settings) throws ConfigurationException {
    LogSink.configure(
        Parameters.LOG_DESTINATION
            .kind()
            .parse("log_destination", settings.text("log_destination", "stderr")),
        settings.text("log_line_prefix", "%m [%p] "),
        Severity.WARNING,
        System.err);
  }

  /// @return whether the directory is a primary's now
  private boolean run(Standby standby, StandbyNode node, Path data) throws Exception {
    var requests = new StandbyRequests(standby, data);
    requests.listen();
    Signals.on("HUP", node::reload);
    Recovery.Result end = standby.run(new Service(standby, requests, options(data), node));
    if (end.endLsn() == 0) {
      logger.info("stopped before there was anything to replay; the directory is as it was");
      return false;
    }
    logger.info(
        "replay has ended at {}; the directory is {} on timeline {}",
        Lsn.format(end.endLsn()),
        end.isPrimary() ? "a primary's, shut down," : "in recovery",
        Integer.toUnsignedString(end.timeline()));
    return end.isPrimary();
  }

  /// The command line as it is given, but for an empty directory's filling, which is done.
  private PostmasterOptions options(Path data) {
    var words = new ArrayList<>(List.of("standby", "-D", data.toAbsolutePath().toString()));
    overrides.forEach((name, value) -> words.add("--set=" + name + "=" + value));
    words.add("--workers=" + workers);
    return new PostmasterOptions(data, words);
  }

  /// Runs what is to go on in the directory, in the directory: it is free by now.
  ///
  /// @return its exit code
  private static int handOver(String command, Path data) throws Exception {
    logger.info("running promote_command: {}", command);
    int exitCode =
        new ProcessBuilder("sh", "-c", command)
            .directory(data.toFile())
            .inheritIO()
            .start()
            .waitFor();
    if (exitCode != 0) {
      logger.warn("promote_command has failed with exit code {}", exitCode);
    }
    return exitCode;
  }

  /// Requests are heard once the directory is ours, and before anybody is let in.
  private record Service(
      Standby standby,
      ServiceManager manager,
      StandbyRequests requests,
      PostmasterOptions options,
      StandbyNode node)
      implements StandbyService {

    Service(
        Standby standby, StandbyRequests requests, PostmasterOptions options, StandbyNode node) {
      this(standby, ServiceManager.ofProcess(), requests, options, node);
    }

    @Override
    public PostmasterPid.Listening begin(ControlFile control, CascadedWal wal) throws IOException {
      requests.begin();
      options.write();
      PostmasterPid.Listening where = node.begin(control, wal);
      manager.ready();
      manager.follow(standby::activity);
      return where;
    }

    @Override
    public long keepFrom(long endLsn) throws IOException {
      return node.keepFrom(endLsn);
    }

    @Override
    public void end(boolean promoted) throws IOException {
      manager.stopping();
      node.end(promoted);
    }
  }

  private static final class Words implements RecoveryListener {

    @Override
    public void log(String message) {
      logger.info(message);
    }

    @Override
    public void warning(String message) {
      logger.warn(message);
    }
  }
}
