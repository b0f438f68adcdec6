package org.walstream.redo.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.walstream.file.FileLayer;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;

/// Replay as a program, to be killed: a data directory, WAL, and restart points as often as there
/// can be any.
final class ReplayProcess {

  static final String BEGINS = "replaying";
  static final String DONE = "replayed";

  private ReplayProcess() {}

  public static void main(String[] arguments) throws IOException {
    var wal =
        new WalDirectoryForTest(Path.of(arguments[1]), TimelineHistory.ofFirst(TimelineId.FIRST));
    var options =
        RecoveryOptions.of(Path.of(arguments[0]))
            .withAllowInPlaceTablespaces(true)
            .withRestartPoints(new RecoveryOptions.Budget(Duration.ZERO, 0));
    var factory = new ParallelReplay(2 << 20, 2, false);
    System.out.println(BEGINS);
    new Recovery(FileLayer.system(), options, wal, factory, new QuietListener()).run();
    System.out.println(DONE);
  }

  private static final class QuietListener implements RecoveryListener {
    @Override
    public void log(String message) {}

    @Override
    public void warning(String message) {
      System.err.println(message);
    }
  }
}
