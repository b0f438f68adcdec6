package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.file.FileLayer;
import org.walstream.redo.DirectoryComparison;
import org.walstream.redo.RecoveryCoverage;
import org.walstream.redo.TestedVersions;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.testkit.SqlScript;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.BackupLabel;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.WalReader;
import org.walstream.wal.rmgr.Rmgr;

/// A base backup, and WAL of every kind of record that SQL can have written, replayed by a real
/// standby and by us: the same files, byte for byte.
@Timeout(600)
class ReplayIT {

  private static final RecoveryTarget NOWHERE = new RecoveryTarget.EndOfWal();

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void everyRecordIsRedoneAsARealStandbyDoesIt(int major) throws Exception {
    Set<String> seen = replaysAlike(primary(major), "wal_log_hints", "off");
    RecoveryCoverage.check(major, RecoveryCoverage.Way.DIRECTORY, EnumSet.allOf(Rmgr.class), seen);
  }

  /// Without checksums, hints are not logged unless this is asked for, and without page images a
  /// page that is ahead of its records is found on disk.
  static Stream<Arguments> clustersWithoutChecksums() {
    var clusters = Stream.of(arguments(18, "full_page_writes", "off"));
    if (!TestedVersions.HEAVY) {
      return clusters;
    }
    return TestedVersions.ofLongTests()
        .boxed()
        .flatMap(major ->
            Stream.of(
                arguments(major, "full_page_writes", "off"),
                arguments(major, "wal_log_hints", "on")));
  }

  @ParameterizedTest
  @MethodSource("clustersWithoutChecksums")
  void soItIsInAClusterWithoutChecksums(int major, String setting, String value) throws Exception {
    var builder = primaryBuilder(major).setting(setting, value);
    if (major >= 18) {
      builder.initdb("--no-data-checksums");
    }
    replaysAlike(builder.create(), setting, value);
  }

  /// @return the types of the records that were replayed
  private static Set<String> replaysAlike(PostgresServer created, String setting, String value)
      throws Exception {
    try (var primary = created;
        var scratch = ScratchDirectory.create("replay")) {
      primary.start();
      try (var standby =
          PostgresServer.standbyOf(primary, primary.conninfo())
              .setting("allow_in_place_tablespaces", "on")
              .setting("hot_standby", "off")
              .setting("max_prepared_transactions", "10")
              .setting(setting, value)
              .create()) {
        long backupLsn = backupLsn(standby.dataDirectory());
        Path backup = copy(standby.dataDirectory(), scratch, "backup");
        standby.spawn();
        SqlScript.named("every-record.sql").run(primary);
        stopBoth(primary, standby);
        if (setting.equals("full_page_writes")) {
          // Done again, a page that is ahead tells the maps nothing (docs/redo.md).
          assertReplaysAlikeAtOnce(primary, standby, backup, scratch);
        } else {
          assertReplaysAlike(primary, standby, backup, scratch);
        }
        return seen(walOf(primary), backupLsn);
      }
    }
  }

  /// Whichever way it is replayed, the backup becomes what the standby is.
  static void assertReplaysAlike(
      PostgresServer primary, PostgresServer standby, Path backup, ScratchDirectory scratch)
      throws Exception {
    long end = assertReplaysAlikeAtOnce(primary, standby, backup, scratch);

    // From where it stopped it goes on, and does some of it again.
    long start = backupLsn(backup);
    Path interrupted = copy(backup, scratch, "interrupted");
    var three = new ParallelReplay(4 << 20, 3, false);
    for (int quarter = 1; quarter <= 3; quarter++) {
      long stop = start + (end - start) / 4 * quarter;
      replay(primary, interrupted, new RecoveryTarget.AtLsn(stop, true), three);
    }
    replay(primary, interrupted, NOWHERE, three);
    assertSame(interrupted, standby);
  }

  /// The same without a stop on the way.
  ///
  /// @return where WAL ends
  private static long assertReplaysAlikeAtOnce(
      PostgresServer primary, PostgresServer standby, Path backup, ScratchDirectory scratch)
      throws Exception {
    Path verified = copy(backup, scratch, "verified");
    long end = replay(primary, verified, NOWHERE, new ParallelReplay(64 << 20, 2, true));
    assertSame(verified, standby);

    // Pages leave all the time, and one thread does everything.
    Path cramped = copy(backup, scratch, "cramped");
    replay(primary, cramped, NOWHERE, new ParallelReplay(1 << 20, 1, false));
    assertSame(cramped, standby);
    return end;
  }

  /// Where replay of a backup begins.
  static long backupLsn(Path backup) throws IOException {
    return BackupLabel.parse(Files.readAllBytes(backup.resolve(BackupLabel.FILE_NAME))).startLsn();
  }

  /// The types of all records from there on.
  static Set<String> seen(RecoveryWal wal, long startLsn) throws IOException {
    var seen = new TreeSet<String>();
    var reader = new WalReader(wal.all(), WalSegmentSize.DEFAULT, wal.history(), 0);
    reader.start(startLsn);
    while (reader.next() instanceof DecodedXLogRecord record) {
      seen.add(RecoveryCoverage.typeOf(record));
    }
    return seen;
  }

  /// The WAL of a server that has always been on its first timeline.
  static RecoveryWal walOf(PostgresServer primary) {
    return new WalDirectoryForTest(
        primary.walDirectory(), TimelineHistory.ofFirst(TimelineId.FIRST));
  }

  private static void assertSame(Path ours, PostgresServer standby) throws IOException {
    List<String> differences = DirectoryComparison.differences(ours, standby.dataDirectory());
    assertThat(differences).as(ours.getFileName().toString()).isEmpty();
  }

  static PostgresServer primary(int major) {
    return primaryBuilder(major).initdb("--data-checksums").create();
  }

  static PostgresServerBuilder primaryBuilder(int major) {
    return PostgresServer.builder(major)
        .setting("wal_level", "logical")
        .setting("track_commit_timestamp", "on")
        .setting("max_prepared_transactions", "10")
        .setting("autovacuum", "off")
        .setting("checkpoint_timeout", "1d")
        .setting("max_wal_size", "8GB")
        .setting("wal_keep_size", "8GB")
        .setting("allow_in_place_tablespaces", "on");
  }

  /// The standby has replayed all that matters, and a restart point at the primary's last
  /// checkpoint has brought it to disk. Nobody may ask it: a query would set hints on its pages.
  static void stopBoth(PostgresServer primary, PostgresServer standby) throws Exception {
    // What our questions tidy up they tidy up now: WAL behind the checkpoint would reach our pages,
    // but not the standby's files.
    hasReplayed(primary, primary.sql("SELECT pg_current_wal_lsn()"));
    primary.sql("CHECKPOINT");
    String end = primary.sql("SELECT pg_current_wal_lsn()");
    Eventually.holds("the standby has replayed up to " + end, () -> hasReplayed(primary, end));
    standby.stopFast();
    primary.stopFast();
  }

  private static boolean hasReplayed(PostgresServer primary, String end) {
    return primary.sql("SELECT replay_lsn >= '" + end + "' FROM pg_stat_replication").equals("t");
  }

  /// @return where it came to
  private static long replay(
      PostgresServer primary, Path ours, RecoveryTarget target, ReplayFactory factory)
      throws IOException {
    var options = RecoveryOptions.of(ours).withAllowInPlaceTablespaces(true).withTarget(target);
    return new Recovery(FileLayer.system(), options, walOf(primary), factory, new Listener())
        .run()
        .endLsn();
  }

  static Path copy(Path from, ScratchDirectory scratch, String name) throws Exception {
    Path to = scratch.path().resolve(name);
    int exit =
        new ProcessBuilder("cp", "-a", from.toString(), to.toString())
            .inheritIO()
            .start()
            .waitFor();
    assertThat(exit).isZero();
    return to;
  }

  private static final class Listener implements RecoveryListener {
    @Override
    public void log(String message) {
      System.out.println("LOG: " + message);
    }

    @Override
    public void warning(String message) {
      System.out.println("WARNING: " + message);
    }
  }
}
