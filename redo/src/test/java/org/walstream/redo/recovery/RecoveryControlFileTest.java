package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.WalFormat;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.DBState;

class RecoveryControlFileTest {

  @TempDir Path directory;

  private boolean broken;
  private final RecordedFiles layer =
      new RecordedFiles(operation -> {
        if (broken && operation.startsWith("force")) {
          throw new IOException("Input/output error");
        }
      });
  private CraftedCluster cluster;
  private ControlFile start;

  @BeforeEach
  void cluster() throws Exception {
    cluster = new CraftedCluster(directory, WalFormat.PG_18);
    long checkPoint = cluster.onlineCheckPoint();
    start = cluster.control(DBState.IN_ARCHIVE_RECOVERY, checkPoint, cluster.redoOf(checkPoint));
    cluster.write(start);
  }

  private RecoveryControlFile begun(long minRecoveryPoint) throws IOException {
    var file = RecoveryControlFile.open(layer, directory, cluster.recoveryWal(cluster.history));
    file.begin(
        start.withMinRecoveryPoint(minRecoveryPoint, minRecoveryPoint == 0 ? 0 : 1), 0x400000, 1);
    return file;
  }

  private long writes() {
    return layer.operations().stream().filter("force pg_control"::equals).count();
  }

  @Test
  void movesTheMinimumRecoveryPointToWhereReplayIs() throws Exception {
    try (var file = begun(0x300000)) {
      file.replaying(0x500000);
      file.require(0x300000);
      assertThat(writes()).isEqualTo(1);
      file.require(0x400000);
      assertThat(cluster.control().minRecoveryPoint()).isEqualTo(0x500000);
      assertThat(cluster.control().minRecoveryPointTimeline()).isEqualTo(1);
      file.require(0x500000);
      assertThat(writes()).isEqualTo(2);
      file.replaying(0x600000, 2);
      file.require(0x500001);
      assertThat(cluster.control().minRecoveryPoint()).isEqualTo(0x600000);
      assertThat(cluster.control().minRecoveryPointTimeline()).isEqualTo(2);
    }
  }

  @Test
  void leavesItAtNothingInCrashRecovery() throws Exception {
    try (var file = begun(0)) {
      file.replaying(0x500000);
      file.require(0x500000);
      assertThat(cluster.control().minRecoveryPoint()).isZero();
      file.enterArchiveRecovery(0x500000);
      assertThat(cluster.control().minRecoveryPoint()).isEqualTo(0x500000);
      file.replaying(0x600000);
      file.require(0x600000);
      assertThat(cluster.control().minRecoveryPoint()).isEqualTo(0x600000);
    }
  }

  @Test
  void notesTheNextTransactionForTheNextWrite() throws Exception {
    try (var file = begun(0x300000)) {
      file.noteNextXid(4711);
      assertThat(cluster.control().checkPoint().nextXid()).isEqualTo(732);
      file.shutDown();
      assertThat(cluster.control().checkPoint().nextXid()).isEqualTo(4711);
    }
  }

  @Test
  void writesNothingMoreAfterAFailure() throws Exception {
    try (var file = begun(0x300000)) {
      file.replaying(0x500000);
      broken = true;
      assertThatThrownBy(() -> file.require(0x500000)).hasMessageEndingWith("Input/output error");
      broken = false;
      assertThatThrownBy(() -> file.require(0x500000))
          .hasMessageStartingWith("nothing is written any more since: could not write");
      assertThatThrownBy(file::shutDown).isInstanceOf(IOException.class);
    }
  }
}
