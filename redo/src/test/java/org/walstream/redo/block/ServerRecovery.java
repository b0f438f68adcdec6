package org.walstream.redo.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.Rmgr;

/// Holds pages as our redo makes them against those that a server's own recovery leaves on disk
/// after a crash: all bytes, also those that no image of `wal_consistency_checking` tells of, such
/// as LSNs, what is in the hole, and hints. Only the checksum is not compared.
final class ServerRecovery {

  private static final int DEFAULT_TABLESPACE = 1663;
  private static final int CHECKSUM = 8;

  private ServerRecovery() {}

  /// Lets a server of this version do its work after a checkpoint, kills it and has it recover.
  ///
  /// @param indexes what is compared, by name: of each every page that a record told of
  /// @param each gets all records of the work
  static void leavesOurPages(
      int major,
      EnumSet<Rmgr> rmgrs,
      Consistency.Workload before,
      Consistency.Workload work,
      List<String> indexes,
      Consumer<DecodedXLogRecord> each)
      throws Exception {
    try (var server =
        PostgresServer.builder(major)
            .setting("autovacuum", "off")
            .setting("checkpoint_timeout", "1d")
            .setting("max_wal_size", "16GB")
            .setting("wal_keep_size", "16GB")
            .start()) {
      before.run(server);
      server.sql("CHECKPOINT");
      String start = server.sql("SELECT redo_lsn FROM pg_control_checkpoint()");
      work.run(server);
      List<Path> files = indexes.stream().map(index -> file(server, index)).toList();
      server.kill9();
      server.start();
      server.stopFast();

      var replay =
          new MemoryReplay(RedoProfile.newest(WalFormat.valueOf("PG_" + major)), false, rmgrs);
      ServerWal.read(
          server.walDirectory(),
          start,
          record -> {
            replay.redo(record);
            each.accept(record);
          });
      assertThat(replay.wrong).isEmpty();
      for (Path file : files) {
        compare(replay, server.dataDirectory(), file);
      }
    }
  }

  private static Path file(PostgresServer server, String index) {
    return Path.of(server.sql("SELECT pg_relation_filepath('%s')".formatted(index)));
  }

  private static void compare(MemoryReplay replay, Path dataDirectory, Path file) throws Exception {
    var relation =
        new RelFileLocator(
            DEFAULT_TABLESPACE,
            Integer.parseInt(Objects.requireNonNull(file.getParent()).getFileName().toString()),
            Integer.parseInt(file.getFileName().toString()));
    MemorySegment pages = MemorySegment.ofArray(Files.readAllBytes(dataDirectory.resolve(file)));
    int compared = 0;
    for (int block = 0; block < pages.byteSize() / PAGE_BYTES; block++) {
      byte[] ours = replay.page(relation, 0, block);
      if (ours == null) {
        continue;
      }
      MemorySegment page = MemorySegment.ofArray(ours);
      long at = (long) block * PAGE_BYTES;
      PageBytes.putU16(page, CHECKSUM, PageHeader.checksum(pages, at));
      assertThat(MemorySegment.mismatch(page, 0, PAGE_BYTES, pages, at, at + PAGE_BYTES))
          .as("first byte that differs in block %d of %s", block, file)
          .isEqualTo(-1);
      compared++;
    }
    assertThat(compared).as("pages compared of %s", file).isPositive();
  }
}
