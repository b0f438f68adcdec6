package org.walstream.redo.recovery;

import java.io.IOException;
import java.nio.file.Path;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.control.ControlReplay;
import org.walstream.redo.control.Pages;
import org.walstream.redo.control.RecoveryPoint;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.redo.replay.PageReplay;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.control.ControlFile;

/// Makes those who redo records, once it is known what is to be recovered.
public interface ReplayFactory {

  /// What they work on.
  ///
  /// @param control pg_control as recovery begins: its checkpoint has the counters to begin with
  /// @param walLogHints whether the server whose directory this is has `wal_log_hints`
  record Cluster(
      Path dataDirectory,
      RedoProfile profile,
      ControlFile control,
      DataFiles files,
      RelationPaths paths,
      RelationFiles relations,
      RecoveryPoint recoveryPoint,
      boolean walLogHints) {

    /// Whether hints are logged, which makes some changes count (XLogHintBitIsNeeded).
    public boolean logsHints() {
      return hasChecksums() || walLogHints;
    }

    public boolean hasChecksums() {
      return control.dataChecksumVersion() != 0;
    }
  }

  PageReplay pages(Cluster cluster) throws IOException;

  ControlReplay control(Cluster cluster, Pages pages) throws IOException;
}
