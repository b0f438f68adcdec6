package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.CRC32C;
import org.walstream.file.FileLayer;
import org.walstream.redo.DirectoryComparison;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.ControlFile;

/// A base backup, the WAL that follows it, what a standby made of both, and things that happen to
/// them. Each replay begins with a fresh copy of backup and WAL.
///
/// ```
///   backup ──▶ ends ── CHECKPOINT ── imaged ── bare ── late ──▶ end
///                                        │       └ no images
///                                        └ pages come as images
/// ```
final class DamagedReplay implements AutoCloseable {

  private static final WalSegmentSize SEGMENT_SIZE = new WalSegmentSize(1 << 20);
  private static final String LARGE_PAGES =
      " SELECT g, repeat('x', 1500) FROM generate_series(1, 400) g";

  private final ScratchDirectory scratch = ScratchDirectory.create("damage");
  private final PostgresServer primary;
  private final PostgresServer standby;

  /// Tables of 80 blocks and more: what is done to the one comes as images first, to the other not.
  final String imaged;

  final String bare;

  /// Where WAL without images begins, and where it ends.
  final long bareLsn;

  final long bareEndLsn;

  final Path ours = scratch.path().resolve("ours");
  final Path wal = scratch.path().resolve("wal");

  DamagedReplay(int major) throws Exception {
    primary =
        PostgresServer.builder(major)
            .initdb("--data-checksums")
            .walSegmentMegabytes(1)
            .setting("autovacuum", "off")
            .setting("checkpoint_timeout", "1d")
            .setting("max_wal_size", "8GB")
            .setting("wal_keep_size", "8GB")
            .start();
    imaged = table("imaged");
    bare = table("bare");
    primary.sql("CHECKPOINT");
    standby =
        PostgresServer.standbyOf(primary, primary.conninfo())
            .setting("hot_standby", "off")
            .create();
    ReplayCrashIT.copy(standby.dataDirectory(), scratch.path().resolve("backup"));
    standby.spawn();
    primary.sql("CHECKPOINT");
    primary.sql("UPDATE imaged SET id = -id WHERE id % 2 = 0");
    primary.sql("ALTER SYSTEM SET full_page_writes = off");
    primary.sql("SELECT pg_reload_conf()");
    Eventually.holds(
        "pages are not logged any more",
        () -> {
          primary.sql("CHECKPOINT");
          return primary.sql("SELECT full_page_writes FROM pg_control_checkpoint()").equals("f");
        });
    bareLsn = lsn();
    primary.sql("UPDATE bare SET id = -id WHERE id % 2 = 0");
    primary.sql("CREATE TABLE late AS" + LARGE_PAGES);
    bareEndLsn = lsn();
    primary.sql("CHECKPOINT");
    primary.sql("CREATE TABLE later AS" + LARGE_PAGES);
    primary.sql("DROP TABLE late");
    ReplayIT.stopBoth(primary, standby);
    ReplayCrashIT.copy(primary.walDirectory(), scratch.path().resolve("whole"));
  }

  /// @return where its file is
  private String table(String name) {
    primary.sql("CREATE TABLE " + name + " (id int, filler text)");
    primary.sql("INSERT INTO " + name + LARGE_PAGES);
    primary.sql("VACUUM FREEZE " + name);
    return primary.sql("SELECT pg_relation_filepath('" + name + "')");
  }

  private long lsn() {
    return Lsn.parse(primary.sql("SELECT pg_current_wal_insert_lsn()")).value();
  }

  /// Begins anew: nothing has happened to anything.
  void fresh() throws Exception {
    ReplayCrashIT.copy(scratch.path().resolve("backup"), ours);
    wholeWal();
  }

  void wholeWal() throws Exception {
    ReplayCrashIT.copy(scratch.path().resolve("whole"), wal);
  }

  long replay() throws IOException {
    return replay(FileLayer.system(), new HeardWords(), new RecoveryTarget.EndOfWal());
  }

  long replayTo(long lsn) throws IOException {
    return replay(FileLayer.system(), new HeardWords(), new RecoveryTarget.AtLsn(lsn, true));
  }

  long replay(FileLayer files, HeardWords words, RecoveryTarget target) throws IOException {
    var options =
        RecoveryOptions.of(ours)
            .withTarget(target)
            .withRestartPoints(new RecoveryOptions.Budget(Duration.ZERO, 0));
    var recoveryWal = new WalDirectoryForTest(wal, TimelineHistory.ofFirst(TimelineId.FIRST));
    var factory = new ParallelReplay(1 << 20, 2, false);
    return new Recovery(files, options, recoveryWal, factory, words).run().endLsn();
  }

  Throwable failure() {
    return failure(FileLayer.system());
  }

  Throwable failure(FileLayer files) {
    return catchThrowable(() -> replay(files, new HeardWords(), new RecoveryTarget.EndOfWal()));
  }

  void assertSame() throws IOException {
    assertThat(DirectoryComparison.differences(ours, standby.dataDirectory())).isEmpty();
  }

  /// After a failure in the midst of WAL without images: a page that has been written already does
  /// not tell the free space map of itself again, as in PostgreSQL.
  void assertSameButForMaps() throws IOException {
    assertThat(DirectoryComparison.differences(ours, standby.dataDirectory()))
        .allMatch(difference -> difference.contains("_fsm: block "));
  }

  ControlFile control() throws IOException {
    return control(ours);
  }

  private static ControlFile control(Path directory) throws IOException {
    return ControlFile.parse(Files.readAllBytes(directory.resolve(RecoveryControlFile.PATH)));
  }

  /// The same file of the backup.
  Path backup(String name) {
    return scratch.path().resolve("backup").resolve(name);
  }

  Path segment(long lsn) {
    return wal.resolve(WalSegmentName.containing(TimelineId.FIRST, lsn, SEGMENT_SIZE).fileName());
  }

  /// Changes the record that starts at `lsn`, and makes its checksum right again.
  void changeRecord(long lsn, int offset, byte value) {
    try {
      Path file = segment(lsn);
      byte[] bytes = Files.readAllBytes(file);
      int at = (int) (lsn & SEGMENT_SIZE.bytes() - 1);
      var record = ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      bytes[at + offset] = value;
      var crc = new CRC32C();
      crc.update(bytes, at + 24, record.getInt(at) - 24);
      crc.update(bytes, at, 20);
      record.putInt(at + 20, (int) crc.getValue());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  WalSegmentSize segmentSize() {
    return SEGMENT_SIZE;
  }

  @Override
  public void close() {
    standby.close();
    primary.close();
    scratch.close();
  }
}
