package org.walstream.redo.recovery;

import java.io.IOException;
import org.walstream.redo.control.ControlRedo;
import org.walstream.redo.control.Pages;
import org.walstream.redo.replay.PageReplay;
import org.walstream.redo.replay.ParallelPageReplay;
import org.walstream.redo.replay.ReplayOptions;
import org.walstream.wal.record.DecodedXLogRecord;

/// Redo as it is: pages by several threads, all else by the one that reads WAL.
///
/// @param poolBytes how much memory pages may take
/// @param workers how many threads redo pages
/// @param verify whether pages are compared with the images that `wal_consistency_checking` logs
/// @param skipsCustomRmgrs whether records of extensions' resource managers are passed over
public record ParallelReplay(long poolBytes, int workers, boolean verify, boolean skipsCustomRmgrs)
    implements ReplayFactory {

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
            new ControlRedo.Rules(cluster.logsHints(), skipsCustomRmgrs));
    control.begin(
        cluster.control().checkPoint(), cluster.control().parameters().trackCommitTimestamp());
    return new Control(control);
  }

  private record Control(ControlRedo control) implements ControlReplay {

    @Override
    public void redo(DecodedXLogRecord record) throws IOException {
      control.redo(record);
    }

    @Override
    public void flush() throws IOException {
      control.flush();
    }

    @Override
    public void writeOrigins() throws IOException {
      control.writeOrigins();
    }

    @Override
    public void removeRewriteMappings(long redoLsn) throws IOException {
      control.removeRewriteMappings(redoLsn);
    }

    @Override
    public void writePreparedTransactions(long redoLsn) throws IOException {
      control.writePreparedTransactions(redoLsn);
    }

    @Override
    public void close() {}
  }
}
