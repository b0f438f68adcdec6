package org.walstream.redo.recovery;

import java.io.IOException;
import org.walstream.redo.control.ControlRedo;
import org.walstream.redo.control.ControlReplay;
import org.walstream.redo.control.Pages;
import org.walstream.redo.replay.PageReplay;
import org.walstream.redo.replay.ParallelPageReplay;
import org.walstream.redo.replay.ReplayOptions;

/// Redo as it is: pages by several threads, all else by the one that reads WAL.
///
/// @param poolBytes how much memory pages may take
/// @param workers how many threads redo pages
/// @param verify whether pages are compared with the images that `wal_consistency_checking` logs
public record ParallelReplay(long poolBytes, int workers, boolean verify) implements ReplayFactory {

  @Override
  public PageReplay pages(Cluster cluster) {
    return new ParallelPageReplay(
        cluster.relations(),
        cluster.recoveryPoint(),
        new ReplayOptions(
            cluster.profile(),
            cluster.hasChecksums(),
            cluster.logsHints(),
            poolBytes,
            workers,
            verify));
  }

  @Override
  public ControlReplay control(Cluster cluster, Pages pages) throws IOException {
    var control =
        new ControlRedo(
            cluster.profile(),
            cluster.files(),
            cluster.paths(),
            cluster.relations(),
            pages,
            cluster.recoveryPoint(),
            cluster.logsHints());
    control.begin(
        cluster.control().checkPoint(), cluster.control().parameters().trackCommitTimestamp());
    return control;
  }
}
