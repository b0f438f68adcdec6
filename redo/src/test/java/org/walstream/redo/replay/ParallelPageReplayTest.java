package org.walstream.redo.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.walstream.file.FileLayer;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.XLogRmgrRecord;

class ParallelPageReplayTest {

  @TempDir Path data;

  /// With `full_page_writes = off` a hint is logged without the image that it is logged for.
  @ParameterizedTest
  @EnumSource
  void aPageThatRedoPassesOverIsNotMissed(ForkNumber fork) throws IOException {
    var hint =
        CraftedRecord.of(WalFormat.PG_18, Rmgr.XLOG.id(), XLogRmgrRecord.FPI_FOR_HINT)
            .block(0, fork.number(), 1, new byte[0])
            .decoded();
    try (var dataFiles = new DataFiles(FileLayer.system(), 2)) {
      var files =
          new RelationFiles(
              dataFiles, new RelationPaths(data, WalFormat.PG_18), RelationFiles.SEGMENT_BLOCKS);
      var options =
          new ReplayOptions(RedoProfile.newest(WalFormat.PG_18), true, true, 1 << 20, 2, false);
      try (var replay = new ParallelPageReplay(files, _ -> {}, options)) {
        replay.redo(hint);
        replay.drain();
        assertThat(replay.hasInvalidPages()).isFalse();
        replay.write();
      }
    }
    try (var made = Files.list(data)) {
      assertThat(made).isEmpty();
    }
  }
}
