package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.file.FileLayer;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.DBState;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.HistorySource;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// What begins a timeline is read back as recovery reads it, wherever on a page and in a segment
/// the one before has ended.
class NewTimelineTest {

  private static final TimelineId NEXT = new TimelineId(2);

  @TempDir Path directory;

  /// Recovery to a target before the fork, where the archive has the newer timeline's file alone.
  @Test
  void itsSegmentIsCopiedFromTheFileThatWasReplayed() throws Exception {
    var cluster = new CraftedCluster(directory, WalFormat.PG_18);
    long redo = cluster.redoPoint();
    long online = cluster.checkPoint(CraftedCluster.CHECKPOINT_ONLINE, redo, 1, 1);
    long lastLsn = cluster.wal.recordLeavingOnPage(4096);
    long endLsn = cluster.wal.endLsn();
    cluster.wal.record(300);
    cluster.writeWal();
    Path pgWal = directory.resolve("pg_wal");
    var ofFirst = WalSegmentName.containing(new TimelineId(1), endLsn, cluster.wal.segmentSize());
    var ofSecond = WalSegmentName.containing(NEXT, endLsn, cluster.wal.segmentSize());
    byte[] content = Files.readAllBytes(pgWal.resolve(ofFirst.fileName()));
    Files.move(pgWal.resolve(ofFirst.fileName()), pgWal.resolve(ofSecond.fileName()));
    TimelineHistory followed = cluster.history.branch(NEXT, cluster.wal.endLsn(), "promoted");
    ControlFile control =
        cluster.control(DBState.SHUTDOWNED_IN_RECOVERY, online, cluster.redoOf(online));
    var timeline = timeline(cluster, control, followed);
    var third = new TimelineId(3);

    timeline.write(
        cluster.history.branch(third, endLsn, "at target"),
        endLsn,
        lastLsn,
        control
            .checkPoint()
            .asShutDown(
                timeline.recordLsn(endLsn), 3, 1, control.parameters().walLevel(), 1_700_000_000));

    var made = WalSegmentName.containing(third, endLsn, cluster.wal.segmentSize());
    int length = cluster.wal.segmentSize().offset(endLsn);
    assertThat(Arrays.copyOf(Files.readAllBytes(pgWal.resolve(made.fileName())), length))
        .isEqualTo(Arrays.copyOf(content, length));
  }

  private NewTimeline timeline(CraftedCluster cluster, ControlFile control, TimelineHistory read) {
    var replayed = new HistorySource(cluster.segments("pg_wal"), cluster.wal.segmentSize(), read);
    return new NewTimeline(FileLayer.system(), directory.resolve("pg_wal"), replayed, control);
  }

  @ParameterizedTest
  @CsvSource({
    "PG_15, 4096, false",
    "PG_18, 4096, false",
    "PG_18, 0, false", // the page is full
    "PG_18, 8, false", // the record begins with its length alone
    "PG_18, 24, false",
    "PG_18, 112, false",
    "PG_18, 120, false", // and fits
    "PG_18, 128, false",
    "PG_18, 0, true", // the segment is full
    "PG_18, 8, true",
    "PG_18, 112, true",
    "PG_15, 120, true"
  })
  void itsFirstRecordIsAShutdown(WalFormat format, int leftOnPage, boolean lastOfSegment)
      throws Exception {
    var cluster = new CraftedCluster(directory, format);
    long redo = cluster.redoPoint();
    long online = cluster.checkPoint(CraftedCluster.CHECKPOINT_ONLINE, redo, 1, 1);
    if (lastOfSegment) {
      long lastPage = cluster.wal.startLsn() + cluster.wal.segmentSize().bytes() - 8192;
      while (cluster.wal.endLsn() < lastPage) {
        cluster.wal.record(5000);
      }
    }
    long lastLsn = cluster.wal.recordLeavingOnPage(leftOnPage);
    long endLsn = cluster.wal.endLsn();
    cluster.wal.record(300); // nobody's any more
    cluster.writeWal();
    ControlFile control =
        cluster.control(DBState.SHUTDOWNED_IN_RECOVERY, online, cluster.redoOf(online));
    TimelineHistory history = cluster.history.branch(NEXT, endLsn, "no recovery target specified");
    var timeline = timeline(cluster, control, cluster.history);
    CheckPoint checkPoint =
        control
            .checkPoint()
            .asShutDown(
                timeline.recordLsn(endLsn), 2, 1, control.parameters().walLevel(), 1_700_000_000);

    timeline.write(history, endLsn, lastLsn, checkPoint);
    timeline.write(history, endLsn, lastLsn, checkPoint);

    RecoveryWal wal = cluster.recoveryWal(history);
    var reader = RecoveryReader.ofAll(wal, cluster.wal.segmentSize(), control.systemIdentifier());
    reader.startAtRecord(lastLsn);
    assertThat(((DecodedXLogRecord) reader.next()).endLsn()).isEqualTo(endLsn);
    var first = (DecodedXLogRecord) reader.next();
    assertThat(first.lsn()).isEqualTo(timeline.recordLsn(endLsn));
    assertThat(first.prevLsn()).isEqualTo(lastLsn);
    assertThat(XLogRmgrRecord.of(first))
        .isInstanceOfSatisfying(
            XLogRmgrRecord.CheckpointShutdown.class,
            shutdown -> assertThat(shutdown.checkPoint()).isEqualTo(checkPoint));
    assertThat(reader.next()).isInstanceOf(ReadResult.EndOfRecords.class);
    assertThat(Files.readString(directory.resolve("pg_wal/00000002.history")))
        .isEqualTo(
            "1\t%s\tno recovery target specified\n"
                .formatted(org.walstream.wal.Lsn.format(endLsn)));
  }
}
