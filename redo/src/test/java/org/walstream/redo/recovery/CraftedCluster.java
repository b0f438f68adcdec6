package org.walstream.redo.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.BackupLabel;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.DBState;
import org.walstream.wal.control.WalLevel;
import org.walstream.wal.crafted.CraftedWal;
import org.walstream.wal.record.WalSegmentSource;

/// A data directory made to order: its control file, its WAL, and nothing that replay would have to
/// do to pages.
final class CraftedCluster {

  static final int CHECKPOINT_SHUTDOWN = 0x00;
  static final int CHECKPOINT_ONLINE = 0x10;
  static final int BACKUP_END = 0x50;
  static final int PARAMETER_CHANGE = 0x60;
  static final int END_OF_RECOVERY = 0x90;
  static final int CHECKPOINT_REDO = 0xE0;

  final Path directory;
  final WalFormat format;
  final CraftedWal wal;
  TimelineHistory history = TimelineHistory.ofFirst(TimelineId.FIRST);

  CraftedCluster(Path directory, WalFormat format) throws IOException {
    this.directory = directory;
    this.format = format;
    this.wal = CraftedWal.of(format);
    for (String name :
        List.of("global", "base/5", "pg_wal", "pg_tblspc", "pg_stat", "pg_snapshots")) {
      Files.createDirectories(directory.resolve(name));
    }
  }

  /// @return where the record starts
  long checkPoint(int info, long redoLsn, int timeline, int prevTimeline) {
    return wal.record(0, info, body(checkPointBytes(redoLsn, timeline, prevTimeline)));
  }

  /// An online checkpoint with its redo point, one record apart.
  ///
  /// @return where its record starts
  long onlineCheckPoint() {
    long redo = redoPoint();
    wal.record(100);
    return checkPoint(CHECKPOINT_ONLINE, redo, 1, 1);
  }

  /// @return where redo begins
  long redoPoint() {
    return format.hasCheckPointRedo()
        ? wal.record(0, CHECKPOINT_REDO, body(ints(1)))
        : wal.record(20);
  }

  long backupEnd(long startLsn) {
    return wal.record(
        0,
        BACKUP_END,
        body(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(startLsn).array()));
  }

  /// A commit of transaction 731.
  long commit(long time) {
    return wal.record(
        1, 0, body(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(time).array()));
  }

  /// @return where redo of the checkpoint whose record starts at `lsn` begins
  long redoOf(long lsn) throws IOException {
    var reader = reader(TimelineHistory.ofFirst(TimelineId.FIRST));
    var found = StartingCheckPoint.read(reader, lsn, new HeardWords());
    return java.util.Objects.requireNonNull(found).checkPoint().redoLsn();
  }

  /// The file as it would be after the checkpoint at `lsn`.
  ControlFile control(DBState state, long lsn, long redoLsn) {
    return new ControlFile(
        CraftedWal.SYSTEM_IDENTIFIER,
        format,
        state,
        1_700_000_000,
        lsn,
        CheckPoint.read(
            ByteBuffer.wrap(checkPointBytes(redoLsn, 1, 1)).order(ByteOrder.LITTLE_ENDIAN),
            0,
            format),
        1000,
        0,
        0,
        0,
        0,
        false,
        new ControlFile.Parameters(WalLevel.REPLICA, false, 100, 8, 10, 0, 64, false),
        new ControlFile.Layout(
            8, 8192, 131072, 8192, new WalSegmentSize(1 << 20), 64, 32, 1996, 2048, true),
        0,
        format.controlFileHasCharSignedness() ? Optional.of(true) : Optional.empty(),
        "0a".repeat(32));
  }

  void write(ControlFile control) throws IOException {
    Files.write(directory.resolve(RecoveryControlFile.PATH), control.toBytes());
  }

  ControlFile control() throws IOException {
    return ControlFile.parse(Files.readAllBytes(directory.resolve(RecoveryControlFile.PATH)));
  }

  void label(long startLsn, long checkPointLsn, boolean fromStandby) throws IOException {
    Files.write(
        directory.resolve(BackupLabel.FILE_NAME),
        BackupLabel.ofBackup(
                startLsn,
                TimelineId.FIRST,
                wal.segmentSize(),
                checkPointLsn,
                fromStandby,
                "2026-11-27 05:12:45 UTC",
                "test")
            .toBytes());
  }

  /// Puts all WAL so far into `pg_wal`.
  void writeWal() throws IOException {
    writeWal(directory.resolve("pg_wal"), wal, TimelineId.FIRST);
  }

  static void writeWal(Path into, CraftedWal wal, TimelineId timeline) throws IOException {
    byte[] bytes = wal.segments();
    int size = wal.segmentSize().bytes();
    for (int at = 0; at < bytes.length; at += size) {
      var name = WalSegmentName.containing(timeline, wal.startLsn() + at, wal.segmentSize());
      Files.write(
          into.resolve(name.fileName()), java.util.Arrays.copyOfRange(bytes, at, at + size));
    }
  }

  RecoveryReader reader(TimelineHistory along) throws IOException {
    writeWal();
    RecoveryWal own = recoveryWal(along);
    return RecoveryReader.ofAll(own, wal.segmentSize(), CraftedWal.SYSTEM_IDENTIFIER);
  }

  /// What stands in `pg_wal`, and all that is read of other `directories` too.
  RecoveryWal recoveryWal(TimelineHistory along, String... directories) {
    return new RecoveryWal() {
      @Override
      public WalSegmentSource all() {
        return segments(directories.length == 0 ? new String[] {"pg_wal"} : directories);
      }

      @Override
      public WalSegmentSource own() {
        return segments("pg_wal");
      }

      @Override
      public TimelineHistory history() {
        return along;
      }

      @Override
      public void restartsAt(long redoLsn, int timeline) {}
    };
  }

  /// All WAL in a directory, which `pg_wal` may be a part of.
  WalSegmentSource segments(String... directories) {
    return (segment, offset, into) -> {
      for (String name : directories) {
        Path file = directory.resolve(name).resolve(segment.fileName());
        if (Files.exists(file)) {
          byte[] bytes = Files.readAllBytes(file);
          int length = Math.max(0, Math.min(into.remaining(), bytes.length - offset));
          into.put(bytes, Math.min(offset, bytes.length), length);
          return length;
        }
      }
      return WalSegmentSource.ABSENT;
    };
  }

  private byte[] checkPointBytes(long redoLsn, int timeline, int prevTimeline) {
    var bytes = ByteBuffer.allocate(CheckPoint.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    new CheckPoint(
            redoLsn,
            timeline,
            prevTimeline,
            true,
            Optional.of(WalLevel.REPLICA),
            732,
            24576,
            1,
            0,
            3,
            1,
            1,
            1,
            1_700_000_000,
            0,
            0,
            731)
        .write(bytes, 0, format);
    return bytes.array();
  }

  static byte[] ints(int... values) {
    var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  static byte[] body(byte[] main) {
    return ByteBuffer.allocate(2 + main.length)
        .put((byte) 0xFF)
        .put((byte) main.length)
        .put(main)
        .array();
  }
}
