package org.walstream.redo.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.walstream.redo.RecoveryCoverage;
import org.walstream.redo.RedoProfile;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.WalFormat;
import org.walstream.wal.rmgr.Rmgr;

/// Holds pages as our redo makes them against those that a real server logs after every record.
public final class Consistency {

  private Consistency() {}

  /// What a server does for a test.
  public interface Workload {
    void run(PostgresServer server) throws Exception;
  }

  /// Lets a server of this version do its work with `wal_consistency_checking` for these resource
  /// managers, redoes their records, and compares after each.
  ///
  /// @param types what must have been compared, such as `Heap/INSERT block 0`; the replay is given
  ///   back for what else there is to ask
  public static MemoryReplay holds(
      int major, EnumSet<Rmgr> rmgrs, Workload before, Workload work, Set<String> types)
      throws Exception {
    try (var server =
        PostgresServer.builder(major)
            .setting("wal_consistency_checking", names(rmgrs))
            .setting("autovacuum", "off")
            .setting("max_wal_size", "16GB")
            .setting("wal_keep_size", "16GB")
            .start()) {
      before.run(server);
      server.sql("CHECKPOINT");
      String start = server.sql("SELECT redo_lsn FROM pg_control_checkpoint()");
      work.run(server);
      server.stopFast();

      var replay =
          new MemoryReplay(RedoProfile.newest(WalFormat.valueOf("PG_" + major)), false, rmgrs);
      ServerWal.read(server.walDirectory(), start, replay::redo);

      assertThat(firstOf(replay.wrong)).as("%d differences", replay.wrong.size()).isEmpty();
      assertThat(replay.checked.keySet()).containsAll(types);
      RecoveryCoverage.check(major, RecoveryCoverage.Way.PAGE, rmgrs, withoutBlocks(types));
      return replay;
    }
  }

  private static List<String> firstOf(List<String> all) {
    return all.subList(0, Math.min(20, all.size()));
  }

  private static Set<String> withoutBlocks(Set<String> types) {
    return types.stream().map(type -> type.split(" block ")[0]).collect(Collectors.toSet());
  }

  private static String names(EnumSet<Rmgr> rmgrs) {
    return rmgrs.stream().map(Rmgr::rmgrName).collect(Collectors.joining(","));
  }
}
