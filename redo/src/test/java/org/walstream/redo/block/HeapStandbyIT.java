package org.walstream.redo.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.redo.RedoProfile;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.Rmgr;

/// Tables, their visibility maps and their free space maps as our redo makes them, against those of
/// a real standby: every byte, hints and holes and LSNs included, but for checksums.
@Timeout(600)
class HeapStandbyIT {

  private static final String[] FORKS = {"", "_fsm", "_vm"};

  private int compared;
  private int comparedOfMaps;
  private final List<String> different = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({"15,false", "15,true", "16,true", "17,true", "18,true", "18,false"})
  void tablesAndTheirMapsAreAStandbys(int major, boolean checksums) throws Exception {
    var builder = PostgresServer.builder(major).setting("autovacuum", "off");
    builder.setting("wal_keep_size", "8GB");
    if (checksums) {
      builder.initdb("--data-checksums");
    } else if (major >= 18) {
      builder.initdb("--no-data-checksums");
    }
    try (var primary = builder.start()) {
      HeapWork.before(primary);
      try (var standby = PostgresServer.standbyOf(primary, primary.conninfo()).start()) {
        primary.sql("CHECKPOINT");
        String start = primary.sql("SELECT redo_lsn FROM pg_control_checkpoint()");
        HeapWork.run(primary);
        List<String> files = files(primary);
        primary.stopFast(); // when the standby has received all of it
        Eventually.holds(
            "the standby has replayed all",
            () ->
                standby
                    .sql("SELECT pg_last_wal_replay_lsn() = pg_last_wal_receive_lsn()")
                    .equals("t"));
        standby.stopFast();

        var profile = RedoProfile.newest(WalFormat.valueOf("PG_" + major));
        var replay =
            new MemoryReplay(profile, checksums, EnumSet.of(Rmgr.XLOG, Rmgr.HEAP, Rmgr.HEAP2));
        ServerWal.read(primary.walDirectory(), start, replay::redo);
        assertThat(replay.wrong).isEmpty();
        for (String file : files) {
          compare(replay, standby.dataDirectory(), file);
        }
      }
    }
    assertThat(different.subList(0, Math.min(20, different.size())))
        .as("%d of %d pages", different.size(), compared)
        .isEmpty();
    assertThat(compared).isGreaterThan(250);
    assertThat(comparedOfMaps).isGreaterThan(10);
  }

  private static List<String> files(PostgresServer server) {
    List<String> files = new ArrayList<>();
    for (String table : HeapWork.TABLES) {
      files.add(server.sql("SELECT pg_relation_filepath('%s')".formatted(table)));
    }
    files.add(
        server.sql(
            "SELECT pg_relation_filepath(reltoastrelid) FROM pg_class WHERE relname = 'big'"));
    return files;
  }

  private void compare(MemoryReplay replay, Path dataDirectory, String path) throws IOException {
    String[] parts = path.split("/");
    var relation = new RelFileLocator(1663, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    for (int fork = 0; fork < FORKS.length; fork++) {
      Path file = dataDirectory.resolve(path + FORKS[fork]);
      byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      for (int block = 0; block < bytes.length / PAGE_BYTES; block++) {
        byte[] theirs = Arrays.copyOfRange(bytes, block * PAGE_BYTES, (block + 1) * PAGE_BYTES);
        byte[] ours = replay.page(relation, fork, block);
        comparedOfMaps += fork != 0 ? 1 : 0;
        compare("%s block %d".formatted(file.getFileName(), block), ours, theirs);
      }
    }
  }

  private void compare(
      String name, byte @org.jspecify.annotations.Nullable [] ours, byte[] theirs) {
    byte[] made = ours == null ? new byte[PAGE_BYTES] : ours.clone();
    Arrays.fill(made, 8, 10, (byte) 0);
    Arrays.fill(theirs, 8, 10, (byte) 0);
    compared++;
    int differs = Arrays.mismatch(made, theirs);
    if (differs >= 0) {
      different.add(name + " byte " + differs + (ours == null ? ", which no record made" : ""));
    }
  }
}
