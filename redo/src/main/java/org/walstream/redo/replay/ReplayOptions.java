package org.walstream.redo.replay;

import org.walstream.redo.RedoProfile;

/// How pages are replayed.
///
/// @param profile whose replay is imitated
/// @param checksums whether the cluster's pages have checksums
/// @param logsHints whether the cluster has checksums or `wal_log_hints`
/// @param poolBytes how much memory pages may take
/// @param workers how many threads redo records, beside the one that reads WAL
/// @param verify whether pages are compared with the images that `wal_consistency_checking` logs
public record ReplayOptions(
    RedoProfile profile,
    boolean checksums,
    boolean logsHints,
    long poolBytes,
    int workers,
    boolean verify) {

  public ReplayOptions {
    if (workers < 1 || workers > 1024) {
      throw new IllegalArgumentException(workers + " workers");
    }
  }
}
