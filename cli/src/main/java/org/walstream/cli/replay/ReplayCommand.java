package org.walstream.cli.replay;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.CommandFailure;
import org.walstream.cli.CommandRunner;
import org.walstream.cli.Diagnostics;
import org.walstream.cli.Signals;
import org.walstream.cli.Subcommand;
import org.walstream.cli.cluster.ClusterDirectory;
import org.walstream.cli.cluster.ClusterSettings;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.file.FileLayer;
import org.walstream.redo.recovery.ParallelReplay;
import org.walstream.redo.recovery.PostmasterPid;
import org.walstream.redo.recovery.Recovery;
import org.walstream.redo.recovery.RecoveryControlFile;
import org.walstream.redo.recovery.RecoveryException;
import org.walstream.redo.recovery.RecoveryListener;
import org.walstream.redo.recovery.RecoveryOptions;
import org.walstream.redo.recovery.RecoveryTarget;
import org.walstream.standby.supply.RestoreCommand;
import org.walstream.standby.supply.TargetTimeline;
import org.walstream.standby.supply.WalPlacement;
import org.walstream.standby.supply.WalSupply;
import org.walstream.wal.Lsn;
import org.walstream.wal.control.ControlFile;

/// `walstream replay`: rolls a stopped data directory forward and leaves it in recovery.
public final class ReplayCommand implements Subcommand {

  private final ReplayOptions given = new ReplayOptions();

  public ReplayCommand() {}

  @Override
  public CommandTable table() {
    return ReplayOptions.TABLE;
  }

  @Override
  public void take(Given option) {
    given.take(option);
  }

  @Override
  public void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(0, operands);
    given.dataDirectory();
  }

  @Override
  public int run(Diagnostics diagnostics) throws Exception {
    try {
      replay(diagnostics);
      return 0;
    } catch (RecoveryException e) {
      diagnostics.error(e.getMessage());
      diagnostics.detail(e.detail());
      diagnostics.hint(e.hint());
      return 1;
    }
  }

  private void replay(Diagnostics diagnostics) throws Exception {
    Path data = given.dataDirectory();
    requireDirectories(data);
    try (var _ = PostmasterPid.take(data)) {
      String foreign = ClusterDirectory.foreignOwner(data, data.resolve(PostmasterPid.FILE_NAME));
      if (foreign != null) {
        diagnostics.warning(foreign);
      }
      ControlFile control =
          ControlFile.parse(Files.readAllBytes(data.resolve(RecoveryControlFile.PATH)));
      var settings = ClusterSettings.read(data, Map.of());
      FileLayer layer = ClusterDirectory.layer(data, settings);
      var words = new Words(diagnostics);
      var placement =
          new WalPlacement(
              layer,
              data,
              given.walDirectories,
              command(settings, data),
              settings.archiveMode(),
              control,
              false,
              words);
      placement.requireOurs();
      long endLsn = knownEnd(placement);
      var history = TargetTimeline.choose(placement, given.timeline, control.timeline());
      try (var supply = new WalSupply(placement, history)) {
        replay(data, layer, settings, supply, endLsn, words);
      }
    }
  }

  private void requireDirectories(Path data) throws IOException {
    ClusterDirectory.require(data);
    for (Path directory : given.walDirectories) {
      if (!Files.isDirectory(directory)) {
        throw new CommandFailure(
            "could not open directory \"%s\": %s"
                .formatted(
                    directory,
                    Files.exists(directory) ? "Not a directory" : "No such file or directory"),
            null);
      }
    }
  }

  private @Nullable RestoreCommand command(ClusterSettings settings, Path data) {
    String command =
        given.restoreCommand == null ? settings.restoreCommand() : given.restoreCommand;
    return command.isEmpty() ? null : new RestoreCommand(() -> command, data);
  }

  /// For the progress bar.
  private long knownEnd(WalPlacement placement) throws IOException {
    return given.target() instanceof RecoveryTarget.AtLsn(long lsn, boolean _)
        ? lsn
        : placement.knownEnd();
  }

  private void replay(
      Path data,
      FileLayer layer,
      ClusterSettings settings,
      WalSupply supply,
      long endLsn,
      Words words)
      throws Exception {
    var options =
        RecoveryOptions.of(data)
            .withTarget(given.target())
            .withRestartPoints(settings.restartPoints())
            .withSkipCustomRmgrs(given.skipCustomRmgrs)
            .withAllowInPlaceTablespaces(settings.allowInPlaceTablespaces())
            .withWalLogHints(settings.walLogHints());
    var engine =
        new ParallelReplay(
            given.bufferBytes.orElse(settings.sharedBuffers()), given.workers, given.verify);
    var recovery = new Recovery(layer, options, supply, engine, words);
    Signals.on("INT", recovery::stop);
    Signals.on("TERM", recovery::stop);
    PrintStream err = System.err;
    try (var progress = new ReplayProgress(recovery.progress(), endLsn, err)) {
      words.progress = progress;
      Recovery.Result result = recovery.run();
      words.log(
          "%s at %s on timeline %s; the directory is in recovery"
              .formatted(
                  result.isStopped() ? "stopped" : "replay has ended",
                  Lsn.format(result.endLsn()),
                  Integer.toUnsignedString(result.timeline())));
    }
  }

  /// What recovery says, beside the progress line.
  private static final class Words implements RecoveryListener {

    private final Diagnostics diagnostics;
    private volatile @Nullable ReplayProgress progress;

    Words(Diagnostics diagnostics) {
      this.diagnostics = diagnostics;
    }

    @Override
    public void log(String message) {
      pause();
      diagnostics.info(message);
    }

    @Override
    public void warning(String message) {
      pause();
      diagnostics.warning(message);
    }

    private void pause() {
      ReplayProgress line = progress;
      if (line != null) {
        line.pause();
      }
    }
  }
}
