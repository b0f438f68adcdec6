package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.walstream.file.FileLayer;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.block.ServerWal;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.redo.storage.DataFiles;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalFormat;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.record.DecodedXLogRecord;

/// The same WAL, replayed from the same copy of a primary that had stopped: by a real standby,
/// which makes a restart point at the end and stops, and by [ControlRedo] alone, which does not
/// redo blocks.
final class TwoReplays implements AutoCloseable {

  /// Long enough that no checkpoint is made but those that are asked for.
  private static final Map<String, String> SETTINGS =
      Map.of(
          "autovacuum", "off",
          "checkpoint_timeout", "1d",
          "max_wal_size", "10GB",
          "wal_keep_size", "10GB",
          "wal_level", "logical",
          "max_prepared_transactions", "20",
          "allow_in_place_tablespaces", "on");

  private final PostgresServer primary;
  private final PostgresServer standby;
  private final Path backup;
  private final Path ours;

  TwoReplays(int major, UnaryOperator<PostgresServerBuilder> settings) {
    primary = builder(major, settings).start();
    backup = primary.socketDirectory().resolve("backup");
    ours = primary.socketDirectory().resolve("ours");
    standby =
        builder(major, settings)
            .setting("restore_command", "cp '%s/%%f' '%%p'".formatted(primary.walDirectory()))
            .create();
  }

  private static PostgresServerBuilder builder(
      int major, UnaryOperator<PostgresServerBuilder> settings) {
    PostgresServerBuilder builder = PostgresServer.builder(major);
    SETTINGS.forEach(builder::setting);
    return settings.apply(builder);
  }

  PostgresServer primary() {
    return primary;
  }

  /// The directory that the standby leaves.
  Path theirs() {
    return standby.dataDirectory();
  }

  /// The directory that we leave.
  Path ours() {
    return ours;
  }

  /// Copies the primary as it is now; it is stopped for that, and starts again.
  void takeBackup() {
    primary.stopFast();
    copy(primary.dataDirectory(), backup);
    primary.start();
  }

  /// A directory for a tablespace, which the server may write to.
  Path tablespace(String name) {
    Path directory = primary.socketDirectory().resolve(name);
    primary.makeDirectory(directory);
    return directory;
  }

  /// Stops the primary and lets the standby replay all of its WAL.
  ///
  /// @param between before and after, as both replays use the same tablespaces
  void replayByPostgres(Runnable between) throws IOException {
    primary.stopFast();
    between.run();
    Path configuration = theirs().resolve("testkit.conf");
    String settings = Files.readString(configuration);
    run("rm", "-rf", theirs().toString());
    copy(backup, theirs());
    Files.writeString(configuration, settings);
    Files.createFile(theirs().resolve("standby.signal"));
    long end = control(primary.dataDirectory()).checkPointLsn();
    standby.start();
    Eventually.holds(
        "all is replayed",
        Duration.ofMinutes(2),
        () -> {
          String replayed = standby.sql("SELECT pg_last_wal_replay_lsn()");
          return Lsn.isAfter(Lsn.parse(replayed).value(), end);
        });
    // While a server fetches a segment anew it is without it for a moment, and its checkpointer may
    // want a prepared transaction of it just then.
    Eventually.holds("a restart point", () -> standby.sql("CHECKPOINT").isEmpty());
    standby.stopFast();
    assertThat(control(theirs()).checkPointLsn()).as("the restart point").isEqualTo(end);
    between.run();
  }

  /// Replays all of the primary's WAL, by control alone, up to the restart point.
  ///
  /// @param restarts at which records, counted from 0, replay is given up without a restart point,
  ///   and begun anew
  void replayByUs(int... restarts) throws IOException {
    copy(backup, ours);
    for (int restart : restarts) {
      replay(restart);
    }
    replay(Integer.MAX_VALUE);
  }

  private void replay(int records) throws IOException {
    ControlFile control = control(ours);
    WalFormat format = control.format();
    boolean checksums = control.dataChecksumVersion() != 0;
    try (var files = new DataFiles(FileLayer.system(), 20)) {
      var paths = new RelationPaths(ours, format);
      var relations = new RelationFiles(files, paths, control.layout().relationSegmentBlocks());
      var pages = new FilePages(relations, checksums);
      var redo =
          new ControlRedo(
              RedoProfile.newest(format),
              files,
              paths,
              relations,
              pages,
              _ -> {},
              checksums || control.parameters().walLogHints());
      redo.begin(control.checkPoint(), control.parameters().trackCommitTimestamp());
      var left = new int[] {records};
      ServerWal.read(
          primary.walDirectory(),
          Lsn.format(control.checkPointLsn()),
          record -> {
            if (left[0]-- > 0) {
              redo(redo, pages, record);
            }
          });
      if (left[0] >= 0) {
        restartPoint(redo);
        pages.write();
        files.sync();
      }
    }
  }

  private void restartPoint(ControlRedo redo) throws IOException {
    ControlRedo.SeenCheckPoint last = Objects.requireNonNull(redo.lastCheckPoint());
    assertThat(last.lsn()).isEqualTo(control(primary.dataDirectory()).checkPointLsn());
    copy(ours.resolve("pg_logical"), ours.resolve("pg_logical_before"));
    long redoLsn = last.checkPoint().redoLsn();
    redo.settle();
    redo.removeRewriteMappings(redoLsn);
    redo.writeOrigins();
    redo.flush();
    redo.writePreparedTransactions(redoLsn);
  }

  private static void redo(ControlRedo redo, FilePages pages, DecodedXLogRecord record) {
    try {
      pages.takeFreeSpaceMaps(record);
      redo.redo(record);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The content of every file of a directory, in hexadecimal where it differs from what AssertJ
  /// can tell.
  static Map<String, byte[]> content(Path directory) throws IOException {
    var content = new TreeMap<String, byte[]>();
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(directory.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return content;
  }

  static ControlFile control(Path data) {
    try {
      return ControlFile.parse(Files.readAllBytes(data.resolve("global/pg_control")));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static void copy(Path from, Path to) {
    run("rm", "-rf", to.toString());
    run("cp", "-a", from.toString(), to.toString());
  }

  static void run(String... command) {
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    standby.close();
    primary.close();
  }
}
